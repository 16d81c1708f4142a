/** Tag of a cluster's stack, which CloudFormation hands on to its resources: the id of the installation that they belong to. */
export const INSTALLATION_TAG = 'clusterdrop:installation';

/** Tag of what is the installation's own, no cluster's. */
export const CONTROL_TAG = 'clusterdrop:control';

/** Tag of a users' bucket: the name of the administrator's bucket. */
export const ADMIN_BUCKET_TAG = 'clusterdrop:administrator-bucket';

/** Marks what belongs to a cluster of this installation; CloudFormation hands it on from the stack to its resources. */
export const INSTALLATION_TAG = 'clusterdrop:installation';
/** Marks what is the installation's own, no cluster's. */
export const CONTROL_TAG = 'clusterdrop:control';
/** Bucket tag: by it the administrator's bucket is found from the users'. */
export const ADMIN_BUCKET_TAG = 'clusterdrop:administrator-bucket';

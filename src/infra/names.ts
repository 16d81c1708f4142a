import { Fn } from 'aws-cdk-lib';

/** Marks what belongs to a cluster of this installation; CloudFormation hands it on from the stack to its resources. */
export const INSTALLATION_TAG = 'clusterdrop:installation';
/** Marks what is the installation's own, no cluster's. */
export const CONTROL_TAG = 'clusterdrop:control';
/** Bucket tag: by it the administrator's bucket is found from the users'. */
export const ADMIN_BUCKET_TAG = 'clusterdrop:administrator-bucket';

/** IAM path of what is the installation's own. Roles of clusters lie elsewhere, so no right on them reaches these. */
export const CONTROL_PATH = Fn.sub('/clusterdrop/${InstallationName}/control/');
export const CLUSTERS_PATH = Fn.sub('/clusterdrop/${InstallationName}/clusters/');

/** A name that begins with the installation's. */
export function named(suffix: string): string {
  return Fn.sub(`\${InstallationName}-${suffix}`);
}

/** An ARN in this account; `rest` may hold `${Parameter}`. */
export function arn(
  service: string,
  region: '' | '${AWS::Region}' | '${ClustersRegion}',
  rest: string,
): string {
  return Fn.sub(`arn:\${AWS::Partition}:${service}:${region}:\${AWS::AccountId}:${rest}`);
}

/** An ARN of S3, which names neither region nor account. */
export function s3Arn(rest: string): string {
  return Fn.sub(`arn:\${AWS::Partition}:s3:::${rest}`);
}

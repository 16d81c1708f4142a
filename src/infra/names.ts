import { Fn } from 'aws-cdk-lib';

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

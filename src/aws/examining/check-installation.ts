import { ok, type Verdict, warn } from '../../core/finding.ts';
import { DEFAULT_BLUEPRINT } from '../../engine/gate.ts';
import { type AwsSubject, deployAgain } from './aws-subject.ts';

/** `installation.json` could be read, or nothing would be looked at: is everything in it that a whole installation has? */
export async function checkInstallation(subject: AwsSubject): Promise<readonly Verdict[]> {
  const { installation, admin } = subject;
  const { aws, network, id, defaultBlueprint = DEFAULT_BLUEPRINT } = installation;
  const again = deployAgain(subject);
  const lacks: Verdict[] = [];
  if (aws.queueUrl === undefined)
    lacks.push(
      warn('there is no queue: drops are attended to only while "clusterdrop serve" runs somewhere', again),
    );
  if (network === undefined)
    lacks.push(
      warn(
        `there is no network: a blueprint that asks for one, such as ${defaultBlueprint}, cannot start`,
        again,
      ),
    );
  const where =
    aws.clustersRegion === aws.region ? aws.region : `${aws.region}, clusters in ${aws.clustersRegion}`;
  return lacks.length > 0
    ? lacks
    : [ok(`${id} in ${where}; installation.json in s3://${admin.bucket} is whole`)];
}

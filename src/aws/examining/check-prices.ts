import { fail, ok, type Verdict, warn } from '../../core/finding.ts';
import { catalogueOf } from '../../core/instance-catalogue.ts';
import { DAY, readableOf } from '../../core/instant.ts';
import { readJsonObject } from '../../engine/json-object.ts';
import { type AwsSubject, functionName } from './aws-subject.ts';

const OLD = 30 * DAY;

/** Prices of the clusters' region. Without them those that the program brought along are reckoned with. */
export async function checkPrices(subject: AwsSubject): Promise<readonly Verdict[]> {
  const { admin, installation, now } = subject;
  const { clustersRegion, region } = installation.aws;
  const key = `prices/${clustersRegion}.json`;
  const fetch = `Fetch them now:\n  aws lambda invoke --function-name ${functionName(subject, 'prices')} --region ${region} /dev/stdout`;
  const written = await writtenAt(subject, key);
  if (written === undefined)
    return [
      warn(
        `those of ${clustersRegion} were never fetched: the ones that this version brought along are reckoned with, which are of us-east-1`,
        fetch,
      ),
    ];
  try {
    catalogueOf((await readJsonObject(admin, key))?.value);
  } catch (error) {
    return [
      fail(
        `${key} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
        `Remove it. ${fetch}`,
      ),
    ];
  }
  return [
    now - written > OLD
      ? warn(
          `those of ${clustersRegion} are of ${readableOf(written)}, though they are fetched every day`,
          fetch,
        )
      : ok(`those of ${clustersRegion} are of ${readableOf(written)}`),
  ];
}

async function writtenAt({ admin }: AwsSubject, key: string): Promise<number | undefined> {
  for await (const { objects } of admin.list('prices/'))
    for (const object of objects) if (object.key === key) return object.modified;
  return undefined;
}

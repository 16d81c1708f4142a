import { ok, type Verdict, warn } from '../../core/finding.ts';
import { DAY, readableOf } from '../../core/instant.ts';
import { toldProblems } from '../../engine/examining/told-problems.ts';
import { shippedCatalogue } from '../../shipped/shipped-catalogue.ts';
import { pricesKey, S3Prices } from '../s3-prices.ts';
import { type AwsSubject, functionName } from './aws-subject.ts';

const OLD = 30 * DAY;

/** Prices of the clusters' region. Without them those that the program brought along are reckoned with. */
export async function checkPrices(subject: AwsSubject): Promise<readonly Verdict[]> {
  const { admin, installation, now } = subject;
  const { clustersRegion: region, region: home } = installation.aws;
  const fetch = `Fetch them now:\n  aws lambda invoke --function-name ${functionName(subject, 'prices')} --region ${home} /dev/stdout`;
  const written = await writtenAt(subject, pricesKey(region));
  if (written === undefined)
    return [
      warn(
        `those of ${region} were never fetched: the ones that this version brought along are reckoned with, which are of us-east-1`,
        fetch,
      ),
    ];
  const prices = new S3Prices({ admin, region, shipped: shippedCatalogue, clock: { now: () => now } });
  const told = `those of ${region} are of ${readableOf(written)}`;
  return toldProblems(async () => {
    await prices.catalogue();
    return [now - written > OLD ? warn(`${told}, though they are fetched every day`, fetch) : ok(told)];
  });
}

async function writtenAt({ admin }: AwsSubject, key: string): Promise<number | undefined> {
  for await (const { objects } of admin.list('prices/'))
    for (const object of objects) if (object.key === key) return object.modified;
  return undefined;
}

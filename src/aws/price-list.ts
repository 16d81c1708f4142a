import { GetProductsCommand, PricingClient } from '@aws-sdk/client-pricing';
import { ProblemError } from '../core/problems.ts';
import { type AwsAccess, clientConfig } from './access.ts';
import { callProblem } from './call-problem.ts';
import { type PricedType, pricedTypeOf } from './priced-type.ts';
import { throttledBy } from './throttling.ts';

/** The Price List API answers for all regions, but lives in three only. https://docs.aws.amazon.com/general/latest/gr/billing.html */
const PRICE_LIST_REGION = 'us-east-1';

/** There are some ten pages; what has no end is not the price list. */
const MOST_PAGES = 500;

/**
 * What one Linux instance on shared hardware costs by the hour, with nothing installed and nothing reserved. Without any one of these
 * the API also names products that cost nothing, such as hours paid for by a reservation.
 * https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html
 */
function filtersOf(region: string): Readonly<Record<string, string>> {
  return {
    regionCode: region,
    operatingSystem: 'Linux',
    tenancy: 'Shared',
    preInstalledSw: 'NA',
    capacitystatus: 'Used',
    marketoption: 'OnDemand',
  };
}

/** All instance types of a region as the Price List API has them. @throws Throttled, ProblemError */
export async function* readPriceList(access: AwsAccess, region: string): AsyncGenerator<PricedType> {
  const client = new PricingClient(clientConfig(access, PRICE_LIST_REGION));
  const wanted = filtersOf(region);
  const Filters = Object.entries(wanted).map(
    ([Field, Value]) => ({ Type: 'TERM_MATCH', Field, Value }) as const,
  );
  try {
    let NextToken: string | undefined;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const input = { ServiceCode: 'AmazonEC2', FormatVersion: 'aws_v1', MaxResults: 100, Filters };
      const page = await client
        .send(new GetProductsCommand({ ...input, ...(NextToken && { NextToken }) }))
        .catch(failed);
      for (const product of page.PriceList ?? []) {
        // The SDK gives an object that only behaves like a text.
        const type = pricedTypeOf(String(product), wanted);
        if (type) yield type;
      }
      NextToken = page.NextToken;
      if (!NextToken) return;
    }
    throw new Error(`the price list of ${region} has no end`);
  } finally {
    client.destroy();
  }
}

function failed(error: unknown): never {
  const told = callProblem(error);
  throw throttledBy(error) ?? (told ? Object.assign(new ProblemError(told), { cause: error }) : error);
}

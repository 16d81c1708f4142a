import { readAdmin } from './bucket-rights.ts';
import { s3Arn } from './names.ts';
import { allow, type Statement } from './statement.ts';

export function pricesStatements(): readonly Statement[] {
  return [
    ...readAdmin(['installation.json', 'prices/*']),
    allow('KeepPrices', ['s3:PutObject'], s3Arn('${AdminBucketName}/prices/*')),
    // `*`: the price list is the same for everybody and knows no resources.
    allow('ReadPriceList', ['pricing:GetProducts'], '*'),
  ];
}

import type { Stack } from 'aws-cdk-lib';
import { CfnEmailIdentity } from 'aws-cdk-lib/aws-ses';
import { parameter } from './parameters.ts';

/** The address that mail comes from: SES writes to it once, and whoever reads it clicks to agree. */
export function mail(stack: Stack): void {
  const address = parameter(stack, 'MailAddress', {
    description: 'Address that mail comes from.',
    allowedPattern: '[^@\\s]+@[^@\\s]+',
  });
  new CfnEmailIdentity(stack, 'Sender', { emailIdentity: address.valueAsString });
}

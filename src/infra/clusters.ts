import { CfnOutput, CfnWaitConditionHandle, Fn, type Stack } from 'aws-cdk-lib';
import { forwarding } from './forwarding.ts';
import { network } from './network.ts';
import { condition, isYes, parameter } from './parameters.ts';

/** The one region in which accounts see two zones only. Selecting a third would fail, and a condition cannot count. */
const TWO_ZONES = 'us-west-1';

/** What the region of the clusters needs: a network, and where it is another region than the engine's, a way home for events. */
export function clusters(stack: Stack): void {
  parameter(stack, 'InstallationName');
  parameter(stack, 'InstallationId');
  const makeVpc = parameter(stack, 'MakeVpc', { default: 'yes', allowedValues: ['yes', 'no'] });
  const cidr = parameter(stack, 'VpcCidr', {
    description: 'Range of the network.',
    default: '10.86.0.0/16',
    allowedPattern: '[0-9]{1,3}\\.[0-9]{1,3}\\.0\\.0/16',
  });
  const home = parameter(stack, 'HomeRegion', { description: 'Region of queue and functions.' });
  const bus = parameter(stack, 'HomeEventBusArn', { description: 'ARN of the event bus there.' });

  const made = isYes(stack, 'MakesVpc', makeVpc);
  const thirdZone = condition(
    stack,
    'MakesThirdSubnet',
    Fn.conditionAnd(made, Fn.conditionNot(Fn.conditionEquals(stack.region, TWO_ZONES))),
  );
  const { vpc, subnets } = network(stack, { made, thirdZone, cidr });
  const elsewhere = Fn.conditionNot(Fn.conditionEquals(home.valueAsString, stack.region));
  forwarding(stack, condition(stack, 'IsElsewhere', elsewhere), bus);
  // A stack must have something in it, also where the network is there already and events need no way home. This costs nothing.
  new CfnWaitConditionHandle(stack, 'Anchor');

  new CfnOutput(stack, 'VpcId', { condition: made, value: vpc.ref });
  const ids = subnets.map(({ ref }) => ref);
  new CfnOutput(stack, 'SubnetIds', {
    condition: made,
    value: Fn.conditionIf(thirdZone.logicalId, Fn.join(',', ids), Fn.join(',', ids.slice(0, -1))).toString(),
  });
}

import { Aws, type CfnCondition, type CfnParameter, type Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { stackEvents } from './event-patterns.ts';
import { CONTROL_PATH, named } from './names.ts';
import { allow, policy, trust } from './statement.ts';

/** Where clusters live in another region than the engine: their stacks' events go to the bus there. Within an account the role is enough. */
export function forwarding(stack: Stack, elsewhere: CfnCondition, bus: CfnParameter): void {
  const role = new CfnRole(stack, 'ForwardRole', {
    roleName: named('forward'),
    path: CONTROL_PATH,
    assumeRolePolicyDocument: trust('events.amazonaws.com', {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
    }),
    policies: [
      {
        policyName: 'forward',
        policyDocument: policy(allow('ToTheEngine', ['events:PutEvents'], bus.valueAsString)),
      },
    ],
  });
  const rule = new CfnRule(stack, 'ForwardRule', {
    name: named('forward'),
    description: "Status changes of clusters' stacks, to the region of the engine",
    eventPattern: stackEvents('${AWS::Region}'),
    targets: [{ id: 'home', arn: bus.valueAsString, roleArn: role.attrArn }],
  });
  role.cfnOptions.condition = elsewhere;
  rule.cfnOptions.condition = elsewhere;
}

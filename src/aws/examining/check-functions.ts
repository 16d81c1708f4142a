import {
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { fail, ok, type Verdict, warn } from '../../core/finding.ts';
import { clientConfig } from '../access.ts';
import {
  type AwsSubject,
  deployAgain,
  deployCommand,
  FUNCTIONS,
  functionName,
  sqsArn,
} from './aws-subject.ts';
import { ifThere } from './if-there.ts';
import { judgeFunction, judgeMappings } from './judge-function.ts';

/** The functions are there, run, are connected with the queue, and are those of this program. */
export async function checkFunctions(subject: AwsSubject): Promise<readonly Verdict[]> {
  const { queueUrl, region } = subject.installation.aws;
  if (queueUrl === undefined) return [ok('there are none')];
  const lambda = new LambdaClient(clientConfig(subject.access, region));
  const again = deployAgain(subject);
  const names = FUNCTIONS.map((name) => functionName(subject, name));
  const found = await Promise.all(names.map((name) => configurationOf(lambda, name)));
  const verdicts = found.flatMap((one, index) => {
    const name = names[index] ?? '';
    if (!one) return [fail(`${name} does not exist`, again)];
    const { State: state, StateReason: stateReason } = one;
    const { LastUpdateStatus: lastUpdate, LastUpdateStatusReason: lastUpdateReason } = one;
    return judgeFunction({ name, region, state, stateReason, lastUpdate, lastUpdateReason }, again);
  });
  if (found[0]) verdicts.push(...(await mappingVerdicts(subject, lambda, queueUrl)));
  const hashes = found.flatMap((one) => one?.CodeSha256 ?? []);
  verdicts.push(...judgeCode(subject.ownCode, hashes, deployCommand(subject)));
  return verdicts.length > 0 ? verdicts : [ok(`${names.join(', ')} run`)];
}

function configurationOf(lambda: LambdaClient, name: string): Promise<FunctionConfiguration | undefined> {
  const command = new GetFunctionConfigurationCommand({ FunctionName: name });
  return ifThere(lambda.send(command), 'ResourceNotFoundException');
}

async function mappingVerdicts(subject: AwsSubject, lambda: LambdaClient, queueUrl: string) {
  const name = functionName(subject, 'reconcile');
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: name, EventSourceArn: sqsArn(subject, queueUrl) }),
  );
  const mappings = EventSourceMappings.map(({ UUID: id = '', State: state = '', LastProcessingResult }) => ({
    id,
    state,
    region: subject.installation.aws.region,
    lastResult: LastProcessingResult,
  }));
  return judgeMappings(mappings, name, deployAgain(subject));
}

/** Lambda tells the hash of what it was given, so no version number has to be kept in step. */
export function judgeCode(
  own: string | undefined,
  deployed: readonly string[],
  upgrade: string,
): readonly Verdict[] {
  if (own === undefined || deployed.every((hash) => hash === own)) return [];
  return [
    warn(
      'the functions are of another version than this program',
      `See what an upgrade would change: ${upgrade} --dry-run\nOr use the program that they came with.`,
    ),
  ];
}

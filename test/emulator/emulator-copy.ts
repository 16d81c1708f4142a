/** A CloudFormation template, as far as this file looks into it. */
export interface EmulatedTemplate {
  readonly Resources: Readonly<Record<string, EmulatedResource>>;
  readonly [section: string]: unknown;
}

export interface EmulatedResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly [attribute: string]: unknown;
}

/**
 * Types of resources that the emulator does not know. It would pass over them with a warning that nobody sees, so they are left out
 * here instead, and what each means is shown by another test.
 */
export const NOT_EMULATED: Readonly<Record<string, string>> = {
  'AWS::S3::BucketPolicy': 'no rights are enforced there: test/infra/buckets.test.ts',
  'AWS::SQS::QueuePolicy': 'no rights are enforced there: test/infra/engine.test.ts',
  'AWS::SNS::TopicPolicy': 'no rights are enforced there: test/infra/engine.test.ts',
  'AWS::SNS::Subscription': 'nobody reads mail there',
  'AWS::CloudWatch::Alarm': 'no metrics are kept there: test/infra/engine.test.ts',
  'AWS::IAM::Group': 'made by a call of its own where somebody is to be a member',
  'AWS::CloudFormation::WaitConditionHandle': 'a placeholder that does nothing',
  'AWS::SES::EmailIdentity': 'verified by a call of its own where mail is to be sent',
};

/**
 * The template that is given to the emulator in place of one of ours. It differs in this only:
 * - resources of the types above are left out;
 * - a policy that is put together as text is replaced by one that allows nothing: the emulator reads objects only. What it says is
 *   shown by test/policies;
 * - the queue does not wake the function: the emulator would start containers to run it. A test polls the queue and calls the very
 *   same bundle.
 * @throws when what remains refers to a resource that was left out
 */
export function emulatorCopy(template: EmulatedTemplate): EmulatedTemplate {
  const all = Object.entries(template.Resources);
  const left = all.filter(([, { Type }]) => !Object.hasOwn(NOT_EMULATED, Type));
  const copy = { ...template, Resources: Object.fromEntries(left.map(([id, one]) => [id, emulated(one)])) };
  const text = JSON.stringify(copy);
  for (const [id, { Type }] of all)
    if (Object.hasOwn(NOT_EMULATED, Type) && refersTo(text, id))
      throw new Error(`something refers to ${id}, and the emulator knows no ${Type}`);
  return copy;
}

function emulated(resource: EmulatedResource): EmulatedResource {
  const { Type, Properties = {} } = resource;
  if (Type === 'AWS::Lambda::EventSourceMapping')
    return { ...resource, Properties: { ...Properties, Enabled: false } };
  if (Type === 'AWS::IAM::ManagedPolicy' && !isDocument(Properties['PolicyDocument']))
    return { ...resource, Properties: { ...Properties, PolicyDocument: ALLOWS_NOTHING } };
  return resource;
}

const ALLOWS_NOTHING = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
};

function isDocument(value: unknown): boolean {
  return Object.hasOwn(Object(value) as object, 'Statement');
}

function refersTo(text: string, id: string): boolean {
  return [`{"Ref":"${id}"}`, `{"Fn::GetAtt":["${id}",`, `\${${id}}`, `\${${id}.`].some((form) =>
    text.includes(form),
  );
}

import { runSimulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT, BOUNDARY, deployed, EXECUTION_ROLE } from '../infra/deployed.ts';
import type { Resource } from '../infra/templates.ts';

/** Everybody to whom the templates give rights, and `node`: a node whose own role allows everything, within the boundary. */
export type Role = 'user' | 'federated' | 'reconcile' | 'sweep' | 'prices' | 'execution' | 'forward' | 'node';

export type Context = Readonly<Record<string, string | readonly string[]>>;
export type Verdict = 'allowed' | 'denied';

type Document = object;

const base = deployed('base').Resources;
const engine = deployed('engine').Resources;
const clusters = deployed('clusters', {}, { region: 'us-east-1' }).Resources;

interface Principal {
  readonly arn: string;
  readonly policies: readonly Document[];
  readonly boundary?: Document;
}

const control = (name: string) => `arn:aws:iam::${ACCOUNT}:role/clusterdrop/clusterdrop/control/${name}`;
const ANYTHING = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

const PRINCIPALS: Readonly<Record<Role, Principal>> = {
  user: { arn: `arn:aws:iam::${ACCOUNT}:user/alice`, policies: [managed(base['UsersPolicy'])] },
  federated: {
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/researchers/alice@example.org`,
    policies: [managed(base['FederatedPolicy'])],
  },
  execution: { arn: EXECUTION_ROLE, policies: inline(base['ExecutionRole']) },
  reconcile: { arn: control('clusterdrop-reconcile'), policies: inline(engine['ReconcileRole']) },
  sweep: { arn: control('clusterdrop-sweep'), policies: inline(engine['SweepRole']) },
  prices: { arn: control('clusterdrop-prices'), policies: inline(engine['PricesRole']) },
  forward: { arn: control('clusterdrop-forward'), policies: inline(clusters['ForwardRole']) },
  node: {
    arn: `arn:aws:iam::${ACCOUNT}:role/clusterdrop/clusterdrop/clusters/login`,
    policies: [ANYTHING],
    boundary: managed(base['Boundary']),
  },
};

/** Requests carry these whoever makes them, unless `context` says otherwise. */
const USUAL: Context = {
  'aws:SecureTransport': 'true',
  'aws:RequestedRegion': 'eu-west-2',
  'aws:PrincipalAccount': ACCOUNT,
};

/**
 * What IAM answers to a request, by the policies of the templates and nothing else.
 * @param action e.g. `s3:GetObject`
 * @param resource its ARN; `*` for actions that know none
 * @param context condition keys beyond the usual ones; a user is called `alice` unless `aws:username` says otherwise
 * @throws when the simulator cannot judge it: an action or a resource that does not exist
 */
export async function simulate(
  role: Role,
  action: string,
  resource: string,
  context: Context = {},
): Promise<Verdict> {
  const { arn, policies, boundary } = PRINCIPALS[role];
  const who: Context = role === 'user' ? { 'aws:username': 'alice' } : {};
  const of = bucketPolicy(resource);
  const answer = await runSimulation(
    {
      request: {
        action,
        principal: arn,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: { ...USUAL, ...who, ...context } as Record<string, string | string[]>,
      },
      identityPolicies: policies.map((policy, index) => ({ name: `${role}-${index}`, policy })),
      ...(of && { resourcePolicy: of }),
      ...(boundary && { permissionBoundaryPolicies: [{ name: BOUNDARY, policy: boundary }] }),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    { simulationMode: 'Strict' },
  );
  if (answer.resultType === 'error')
    throw new Error(`${action} on ${resource}: ${JSON.stringify(answer.errors)}`);
  return answer.overallResult === 'Allowed' ? 'allowed' : 'denied';
}

/** Every policy that the templates make, by the name that a failure should show: for laws about all of them. */
export function policiesOf(role: Role): readonly Document[] {
  const { policies, boundary } = PRINCIPALS[role];
  return boundary ? [boundary] : policies;
}

/** The buckets that the templates make have policies of their own. */
function bucketPolicy(resource: string): Document | undefined {
  const [name = ''] = resource.replace('arn:aws:s3:::', '').split('/');
  const made = Object.entries(base).find(
    ([, { Type, Properties }]) => Type === 'AWS::S3::Bucket' && Properties['BucketName'] === name,
  );
  return made && managed(base[`${made[0]}Policy`]);
}

function managed(resource: Resource | undefined): Document {
  const document = resource?.Properties['PolicyDocument'];
  if (document === undefined) throw new Error('no such policy');
  // One is put together as text.
  return (typeof document === 'string' ? JSON.parse(document) : document) as Document;
}

function inline(resource: Resource | undefined): readonly Document[] {
  const policies = resource?.Properties['Policies'] as
    | readonly { readonly PolicyDocument: Document }[]
    | undefined;
  if (!policies) throw new Error('no such role');
  return policies.map(({ PolicyDocument }) => PolicyDocument);
}

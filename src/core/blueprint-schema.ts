import { z } from 'zod';
import type {
  Blueprint,
  BlueprintResource,
  ParameterForm,
  ParameterSource,
  SystemValue,
} from './blueprint.ts';
import { SETTING_NAMES } from './merge-settings.ts';

/** Names that a request's `Blueprint` can say. */
const NAME = /^[a-z][a-z0-9-]{0,39}$/;
const LOGICAL_ID = /^[A-Za-z0-9]{1,255}$/;

const form = z
  .enum(['text', 'alces-type', 'alces-spot', 'seconds'] satisfies ParameterForm[])
  .describe(
    'How the value is written. text: as the request spells it. alces-type: r4.large-2C-15.25GB. alces-spot: USD, 0 is on demand. seconds: a length of time.',
  );

const source = z
  .union(
    [
      z.strictObject({ value: z.string().describe('Always this text.') }),
      z.strictObject({
        from: z.enum(SETTING_NAMES).describe('The request key that it carries.'),
        as: form.exactOptional(),
      }),
      z.strictObject({
        system: z
          .enum([
            'account',
            'user',
            'profiles',
            'cluster',
            'vpc',
            'subnets',
            'subnet',
            'ssh-from',
            'boundary',
            'role-path',
          ] satisfies SystemValue[])
          .describe('Something that only the system may set.'),
      }),
    ],
    {
      error:
        'must be {"value": …}, {"from": a request key} or {"system": account, user, profiles, cluster, vpc, subnets, subnet, ssh-from, boundary or role-path}',
    },
  )
  .describe('Where the value of one template parameter comes from.');

const resource = z.strictObject({
  logicalId: z.string().regex(LOGICAL_ID),
  type: z.string().regex(/^[A-Za-z0-9]+::[A-Za-z0-9:]+$/),
  seconds: z.number().min(0).max(86_400).describe('Usual seconds to create it on AWS.'),
  after: z.array(z.string()).exactOptional(),
  replacedBy: z.array(z.string()).exactOptional().describe('Parameters whose change replaces it.'),
  protected: z.boolean().exactOptional().describe('The stack policy denies replacing or deleting it.'),
});

/** The format of `blueprint.json`. What ties its parts together is checked by `readBlueprint`. */
export const blueprintSchema = z.strictObject({
  $schema: z.string().exactOptional(),
  version: z.literal(1),
  name: z.string().regex(NAME),
  title: z.string().min(1).max(200),
  template: z
    .union([
      z.strictObject({ url: z.url({ protocol: /^https$/ }) }),
      z.strictObject({ file: z.string().min(1) }),
    ])
    .exactOptional()
    .describe('Where the CloudFormation template lies.'),
  parameters: z.record(z.string().regex(LOGICAL_ID), source),
  defaults: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .describe('Values of request keys that the file leaves out, as a request would spell them.'),
  changeable: z
    .array(z.enum(SETTING_NAMES).exclude(['Blueprint']))
    .describe('Request keys that a running cluster takes over without a new stack.'),
  addressOutput: z
    .string()
    .regex(LOGICAL_ID)
    .exactOptional()
    .describe('Output that holds the login address.'),
  capabilities: z.array(z.enum(['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'])),
  containers: z
    .boolean()
    .exactOptional()
    .describe(
      'Its hosts can be containers on one machine: for blueprints that are shipped with Clusterdrop.',
    ),
  price: z.strictObject({
    nodeDiskGb: z.number().min(0).max(16_384).describe('GB of disk that each compute node brings.'),
  }),
  resources: z.array(resource).min(1).max(500),
});

/** The same as people write it: without `resources`, which `admin add-blueprint` then takes from the template. */
export const authoredBlueprintSchema = blueprintSchema.partial({ resources: true });

type Read = Omit<z.infer<typeof blueprintSchema>, '$schema'>;
/** Fails to compile when the schema and the types of `blueprint.ts` drift apart. */
type Same<A extends B, B> = A;
export type SchemaFitsBlueprint = Same<Read, Blueprint>;
export type SchemaFitsSource = Same<ParameterSource, z.infer<typeof source>>;
export type SchemaFitsResource = Same<z.infer<typeof resource>, BlueprintResource>;

import { CLUSTER_RESOURCE_TYPES, isCustomResource } from './cluster-resource-types.ts';
import { refused } from './confine-template-refused.ts';
import type { Problem } from './problems.ts';
import {
  functionOf,
  type Json,
  mapAt,
  referencesOf,
  resourcesOf,
  type Template,
  valuesIn,
} from './template.ts';

const SECTIONS =
  'AWSTemplateFormatVersion Description Metadata Parameters Rules Mappings Conditions Resources Outputs'.split(
    ' ',
  );
const TYPES = new Set(CLUSTER_RESOURCE_TYPES.map(({ type }) => type));
const PROCESSED =
  'Take in the processed template, in which they are worked out: aws cloudformation get-template --template-stage Processed';
const AS_PARAMETER = 'Make it a parameter of the template and give its value in blueprint.json';

/** What no change can make right: all of it, each with its place and what to do instead. */
export function refusals(template: Template, options: { readonly allowCustomResources: boolean }): Problem[] {
  return [
    ...sectionRefusals(template),
    ...functionRefusals(template),
    ...typeRefusals(template, options),
    ...nameRefusals(template),
  ];
}

function sectionRefusals(template: Template): Problem[] {
  return Object.keys(template)
    .filter((section) => !SECTIONS.includes(section))
    .map((section) => {
      if (section === 'Transform')
        return refused('Transform', 'macros write resources that nobody has looked at', PROCESSED);
      if (section === 'Hooks')
        return refused('Hooks', 'hooks run deployments of their own', 'Take this section out');
      return refused(section, 'is no section of a CloudFormation template', 'Take it out');
    });
}

function functionRefusals(template: Template): Problem[] {
  const problems: Problem[] = [];
  for (const { value, key, path } of valuesIn(template, '')) {
    const where = path.slice(1);
    if (/^Fn::(?:Transform$|ForEach(?:::|$))/.test(key) && where.endsWith(key))
      problems.push(refused(where, 'macros write resources that nobody has looked at', PROCESSED));
    if (functionOf(value)?.name === 'Fn::ImportValue')
      problems.push(
        refused(where, 'it ties the cluster to another stack, which could then not be deleted', AS_PARAMETER),
      );
    if (typeof value === 'string' && isDynamicReference(value))
      problems.push(refused(where, 'a dynamic reference could show a secret of this account', AS_PARAMETER));
  }
  return problems;
}

const REFERENCE = '{{resolve:';

/** Also one that begins at the end of a text and goes on in the next part of a join. */
function isDynamicReference(text: string): boolean {
  if (text.includes(REFERENCE)) return true;
  const end = text.slice(text.lastIndexOf('{{'));
  return end.startsWith('{{') && REFERENCE.startsWith(end);
}

function typeRefusals(
  template: Template,
  { allowCustomResources }: { allowCustomResources: boolean },
): Problem[] {
  return resourcesOf(template).flatMap(({ logicalId, type }) => {
    if (TYPES.has(type) || (allowCustomResources && isCustomResource(type))) return [];
    return [refused(`Resources.${logicalId}`, ...whyNot(type))];
  });
}

const NETWORK =
  /^AWS::EC2::(?:VPC|Subnet|InternetGateway|Route|NetworkAcl|DHCPOptions|NatGateway|EgressOnly|SubnetRoute)/;

function whyNot(type: string): [what: string, instead: string] {
  if (isCustomResource(type))
    return [
      `${type} runs a function that is not confined`,
      'Take it out; or, if you trust the function, allow it with --allow-custom-resources',
    ];
  if (/^AWS::CloudFormation::(?:Stack|StackSet)$/.test(type))
    return [
      `${type} is another template, fetched anew at each start`,
      'Put its resources into this template',
    ];
  if (type.endsWith('::MODULE')) return [`${type} stands for resources that nobody has looked at`, PROCESSED];
  if (type.startsWith('AWS::CloudFormation::')) return [`${type} reaches beyond the cluster`, 'Take it out'];
  if (type === 'AWS::IAM::ManagedPolicy')
    return [
      `${type} can be attached to anybody in the account`,
      'Write the same rights as an inline policy of the role (Policies)',
    ];
  if (type.startsWith('AWS::IAM::'))
    return [`${type} gives rights that no boundary holds`, 'Use a role: AWS::IAM::Role'];
  if (NETWORK.test(type))
    return [
      `${type} belongs to a network of its own, and clusters share that of the installation`,
      'Make parameters of it: {"system": "vpc"}, {"system": "subnet"} or {"system": "subnets"} in blueprint.json',
    ];
  if (type.startsWith('AWS::EC2::EIP'))
    return [
      `${type} is one of five fixed addresses that a region has to begin with`,
      'Use AssociatePublicIpAddress in the NetworkInterfaces of the login node',
    ];
  if (type === 'AWS::AutoScaling::LaunchConfiguration')
    return [`${type} is no longer made by AWS in new accounts`, 'Write an AWS::EC2::LaunchTemplate'];
  return [`clusters here are not made of ${type}`, 'Take it out'];
}

/** A name that is always the same can exist once: a second cluster of the blueprint would fail. */
const NAMES: Readonly<Record<string, string>> = {
  'AWS::EC2::SecurityGroup': 'GroupName',
  'AWS::EC2::LaunchTemplate': 'LaunchTemplateName',
  'AWS::AutoScaling::AutoScalingGroup': 'AutoScalingGroupName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
};

function nameRefusals(template: Template): Problem[] {
  const perStack = ['AWS::StackName', 'AWS::StackId', ...Object.keys(mapAt(template, 'Resources'))];
  return resourcesOf(template).flatMap(({ logicalId, type, properties }) => {
    const property = NAMES[type];
    const name: Json | undefined = property === undefined ? undefined : properties[property];
    if (property === undefined || name === undefined) return [];
    const isFree = [...referencesOf(name)].some((one) => perStack.includes(one));
    // A role's name would need a capability of its own; the execution role knows our groups by the name that CloudFormation gives them.
    if (isFree && type.startsWith('AWS::EC2::')) return [];
    return [
      refused(
        `Resources.${logicalId}.Properties.${property}`,
        isFree
          ? 'its name must be the one that CloudFormation makes up'
          : 'with a fixed name only one cluster could exist',
        `Take ${property} out: CloudFormation makes up a name`,
      ),
    ];
  });
}

import { describe, expect, it } from 'vitest';
import { confineTemplate } from '../../src/core/confine-template.ts';
import type { Json, JsonMap, Template } from '../../src/core/template.ts';
import { templateOfText } from '../../src/core/template-text.ts';

const OPTIONS = { parameters: {}, allowCustomResources: false };

/** A template of these resources, in YAML as people write it. */
function template(resources: string, rest = ''): Template {
  const read = templateOfText(`Resources:\n${resources.replace(/^/gm, '  ')}\n${rest}`);
  if ('problems' in read) throw new Error(read.problems.map(({ message }) => message).join('\n'));
  return read.template;
}

function refusalsOf(given: Template, options = OPTIONS): string[] {
  const confined = confineTemplate(given, options);
  return 'problems' in confined
    ? confined.problems.map(({ message }) =>
        message.replace(/^the template(?: cannot be confined)?[:,] /, ''),
      )
    : [];
}

function confinedOf(given: Template, options = OPTIONS) {
  const confined = confineTemplate(given, options);
  if ('problems' in confined) throw new Error(confined.problems.map(({ message }) => message).join('\n'));
  return confined;
}

const ROLE = `Role:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Version: 2012-10-17
      Statement: { Effect: Allow, Principal: { Service: !Sub 'ec2.\${AWS::URLSuffix}' }, Action: 'sts:AssumeRole' }`;
const PROFILE = 'Profile: { Type: AWS::IAM::InstanceProfile, Properties: { Roles: [!Ref Role], Path: / } }';
const MACHINE = (properties: string) => `Login: { Type: AWS::EC2::Instance, Properties: { ${properties} } }`;

describe('what is changed', () => {
  it('gives roles and profiles the path and the boundary, and says so', () => {
    const { template: after, changes } = confinedOf(template(`${ROLE}\n${PROFILE}`));
    expect(after).toMatchObject({
      Parameters: { ClusterdropRolePath: { Type: 'String' }, ClusterdropBoundary: { Type: 'String' } },
      Resources: {
        Role: {
          Properties: {
            Path: { Ref: 'ClusterdropRolePath' },
            PermissionsBoundary: { Ref: 'ClusterdropBoundary' },
          },
        },
        Profile: { Properties: { Path: { Ref: 'ClusterdropRolePath' }, Roles: [{ Ref: 'Role' }] } },
      },
    });
    expect(changes).toEqual([
      'Resources.Role.Properties.Path set to that of the installation',
      'Resources.Role.Properties.PermissionsBoundary set to that of the installation',
      'Resources.Profile.Properties.Path set to that of the installation',
      'Parameters.ClusterdropRolePath added',
      'Parameters.ClusterdropBoundary added',
    ]);
  });

  it("leaves what blueprint.json gives the installation's path and boundary by itself", () => {
    const own = template(
      `${ROLE}\n    Path: !Ref Where\n    PermissionsBoundary: !Ref Most`,
      'Parameters: { Where: { Type: String }, Most: { Type: String } }',
    );
    const parameters = { Where: { system: 'role-path' }, Most: { system: 'boundary' } } as const;
    expect(confinedOf(own, { ...OPTIONS, parameters })).toEqual({ template: own, changes: [], remarks: [] });
    expect(refusalsOf(own)).toHaveLength(2);
  });

  it('lets nothing stay behind, and nothing hold a stack back', () => {
    const { template: after, changes } = confinedOf(
      template(
        `Disk: { Type: AWS::EC2::Volume, DeletionPolicy: Retain, UpdateReplacePolicy: Snapshot }
${MACHINE('DisableApiTermination: true, DisableApiStop: "true", BlockDeviceMappings: !If [Big, [{ Ebs: { DeleteOnTermination: false } }], []]')}
Nodes: { Type: AWS::AutoScaling::AutoScalingGroup, Properties: { NewInstancesProtectedFromScaleIn: !Ref Safe, DeletionProtection: prevent-all-deletion } }
Kept: { Type: AWS::EC2::Volume, DeletionPolicy: Delete }`,
        'Outputs: { Ip: { Value: !GetAtt Login.PublicIp, Export: { Name: ip } } }',
      ),
    );
    expect(after['Resources']).toMatchObject({
      Disk: { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' },
      Login: {
        Properties: {
          DisableApiTermination: false,
          DisableApiStop: false,
          BlockDeviceMappings: { 'Fn::If': ['Big', [{ Ebs: { DeleteOnTermination: true } }], []] },
        },
      },
      Nodes: { Properties: { NewInstancesProtectedFromScaleIn: false, DeletionProtection: 'none' } },
    });
    expect(after['Outputs']).toEqual({ Ip: { Value: { 'Fn::GetAtt': ['Login', 'PublicIp'] } } });
    expect(changes).toMatchInlineSnapshot(`
      [
        "Resources.Disk.DeletionPolicy changed from "Retain" to Delete: nothing stays behind",
        "Resources.Disk.UpdateReplacePolicy changed from "Snapshot" to Delete: nothing stays behind",
        "Resources.Login.Properties.DisableApiTermination changed to false: the cluster must be able to go, and nothing stays behind",
        "Resources.Login.Properties.DisableApiStop changed to false: the cluster must be able to go, and nothing stays behind",
        "Resources.Login.Properties.BlockDeviceMappings.Fn::If.1.0.Ebs.DeleteOnTermination changed to true: the cluster must be able to go, and nothing stays behind",
        "Resources.Nodes.Properties.NewInstancesProtectedFromScaleIn changed to false: the cluster must be able to go, and nothing stays behind",
        "Resources.Nodes.Properties.DeletionProtection changed to none: the cluster must be able to go",
        "Outputs.Ip.Export taken out: clusters share no names",
      ]
    `);
  });
});

describe('what is refused', () => {
  it.each<[what: string, resources: string, problem: RegExp]>([
    ['a nested stack', 'A: { Type: AWS::CloudFormation::Stack }', /A: .*another template/],
    ['a set of stacks', 'A: { Type: AWS::CloudFormation::StackSet }', /A: .*another template/],
    ['a module', 'A: { Type: My::Own::Part::MODULE }', /nobody has looked at/],
    ['a hook', 'A: { Type: AWS::CloudFormation::HookVersion }', /reaches beyond the cluster/],
    ['a custom resource', 'A: { Type: Custom::Thing }', /not confined/],
    ['one by its long name', 'A: { Type: AWS::CloudFormation::CustomResource }', /not confined/],
    ['a user', 'A: { Type: AWS::IAM::User }', /no boundary holds/],
    ['an access key', 'A: { Type: AWS::IAM::AccessKey }', /no boundary holds/],
    ['a managed policy', 'A: { Type: AWS::IAM::ManagedPolicy }', /attached to anybody/],
    ['a function', 'A: { Type: AWS::Lambda::Function }', /not made of AWS::Lambda::Function/],
    ['a loop of resources', '"Fn::ForEach::All": [N, [a, b], {}]', /ForEach::All: macros/],
    [
      'a macro in a property',
      'A: { Type: AWS::EC2::Volume, Properties: { Size: !Transform { Name: X } } }',
      /Size.Fn::Transform: macros/,
    ],
    ['an import', 'A: { Type: AWS::EC2::Volume, Properties: { Size: !ImportValue x } }', /ties the cluster/],
    [
      'a secret',
      'A: { Type: AWS::EC2::Volume, Properties: { Size: "x{{resolve:ssm-secure:p:1}}" } }',
      /show a secret/,
    ],
    [
      'a secret in pieces',
      'A: { Type: AWS::EC2::Volume, Properties: { Size: !Join ["", ["x{{res", "olve:secretsmanager:p}}"]] } }',
      /show a secret/,
    ],
    [
      'a role with a name',
      `${ROLE}\n    RoleName: !Sub "\${AWS::StackName}-role"`,
      /RoleName: its name must be/,
    ],
    ['a role with a path', `${ROLE}\n    Path: /service-role/`, /Path: is set to "\/service-role\/"/],
    [
      'a role with a boundary',
      `${ROLE}\n    PermissionsBoundary: arn:aws:iam::1:policy/x`,
      /PermissionsBoundary: is set/,
    ],
    [
      'a role with a policy of the account',
      `${ROLE}\n    ManagedPolicyArns: ["arn:aws:iam::1:policy/x"]`,
      /no policy of AWS itself/,
    ],
    ['a role for a stranger', ROLE.replace(/Service: .*?'(?= })/, 'AWS: "*"'), /others than machines/],
    [
      'a role for a service and a stranger',
      ROLE.replace(/Service: .*?'(?= })/, 'Service: ec2.amazonaws.com, AWS: "*"'),
      /others than machines/,
    ],
    [
      'a role for another service',
      ROLE.replace(/Service: .*?'(?= })/, 'Service: lambda.amazonaws.com'),
      /others than machines/,
    ],
    ['a role for nobody known', 'Role: { Type: AWS::IAM::Role }', /others than machines/],
    [
      'a policy for a role elsewhere',
      'P: { Type: AWS::IAM::Policy, Properties: { Roles: [admin] } }',
      /Roles: it must be the template's own AWS::IAM::Role, found \["admin"\]/,
    ],
    [
      'a policy for a user',
      `${ROLE}\nP: { Type: AWS::IAM::Policy, Properties: { Roles: [!Ref Role], Users: [bob] } }`,
      /Users: it reaches/,
    ],
    [
      'a profile of a role elsewhere',
      'P: { Type: AWS::IAM::InstanceProfile, Properties: { Roles: [!Ref Some] } }',
      /Roles: it must be/,
    ],
    [
      'a machine with a profile elsewhere',
      MACHINE('IamInstanceProfile: admin'),
      /IamInstanceProfile: it must be/,
    ],
    [
      'one in a launch template',
      'T: { Type: AWS::EC2::LaunchTemplate, Properties: { LaunchTemplateData: { IamInstanceProfile: { Arn: !Ref Given } } } }',
      /IamInstanceProfile: it must be/,
    ],
    [
      'a launch template elsewhere',
      'G: { Type: AWS::AutoScaling::AutoScalingGroup, Properties: { LaunchTemplate: { LaunchTemplateId: lt-1 } } }',
      /LaunchTemplateId: it must be/,
    ],
    [
      "a colleague's disk",
      `${MACHINE('ImageId: x')}\nV: { Type: AWS::EC2::VolumeAttachment, Properties: { InstanceId: !Ref Login, VolumeId: vol-1 } }`,
      /VolumeId: it must be/,
    ],
    [
      "a colleague's firewall",
      'I: { Type: AWS::EC2::SecurityGroupIngress, Properties: { GroupId: sg-1 } }',
      /GroupId: it must be/,
    ],
    [
      'a fixed name',
      'S: { Type: AWS::EC2::SecurityGroup, Properties: { GroupName: mine } }',
      /only one cluster could exist/,
    ],
    [
      'a name that is fixed only by what is changed in it',
      'S: { Type: AWS::EC2::SecurityGroup, Properties: { GroupName: { DeleteOnTermination: !Ref S } } }',
      /only one cluster could exist/,
    ],
    [
      'a persistent spot request',
      MACHINE('InstanceMarketOptions: { SpotOptions: { SpotInstanceType: persistent } }'),
      /outlives its stack/,
    ],
    ['a resource without a type', 'A: {}', /Resources.A: must be an object with a "Type"/],
  ])('%s', (_, resources, expected) => {
    const found = refusalsOf(template(resources));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it.each<[section: string, value: Json, problem: RegExp]>([
    ['Transform', 'AWS::Serverless-2016-10-31', /^Transform: macros/],
    ['Transform', ['AWS::LanguageExtensions'], /^Transform: macros/],
    ['Hooks', {}, /^Hooks: /],
    ['Resource', {}, /^Resource: is no section/],
    [
      'Parameters',
      { ClusterdropBoundary: { Type: 'Number' } },
      /^Parameters.ClusterdropBoundary: this name is kept/,
    ],
    ['Parameters', [], /^Parameters: must be an object/],
    ['Resources', {}, /^Resources: there are none/],
  ])('the section %s: %j', (section, value, expected) => {
    const found = refusalsOf({ ...template(ROLE), [section]: value });
    expect(found).toEqual([expect.stringMatching(expected)]);
  });

  it('is told all at once', () => {
    const found = refusalsOf({
      ...template(
        `A: { Type: AWS::IAM::User }\n${ROLE}\n    RoleName: x\n${MACHINE('IamInstanceProfile: y')}`,
      ),
      Transform: 'X',
    });
    expect(found).toHaveLength(4);
  });
});

describe('what is let in', () => {
  it.each<[what: string, resources: string]>([
    [
      'policies of AWS itself',
      `${ROLE}\n    ManagedPolicyArns: [!Sub "arn:\${AWS::Partition}:iam::aws:policy/AmazonSSMManagedInstanceCore", !If [C, "arn:aws:iam::aws:policy/x", !Ref AWS::NoValue]]`,
    ],
    ['a service joined together', ROLE.replace(/!Sub '.*?'/, '!Join ["", ["ec2.", !Ref AWS::URLSuffix]]')],
    [
      'a profile by a choice',
      `${ROLE}\n${PROFILE}\n${MACHINE('IamInstanceProfile: !If [C, !Ref Profile, !Ref AWS::NoValue]')}`,
    ],
    [
      'a group named after its stack',
      'S: { Type: AWS::EC2::SecurityGroup, Properties: { GroupName: !Sub "${AWS::StackName}-ssh" } }',
    ],
    ['braces in a script', MACHINE('UserData: "echo {{ jinja }} {{resolved}}"')],
  ])('%s', (_, resources) => {
    expect(refusalsOf(template(resources))).toEqual([]);
  });

  it('custom resources whose functions an administrator trusts, with a word of warning', () => {
    const given = template('A: { Type: Custom::Thing, Properties: { ServiceToken: arn } }');
    expect(confinedOf(given, { ...OPTIONS, allowCustomResources: true }).remarks).toEqual([
      expect.stringMatching(/^Resources.A: a Custom::Thing hands everything to a function outside/),
    ]);
  });

  it('open doors, with a word of warning', () => {
    const rule = (cidr: string): JsonMap => ({ CidrIp: cidr });
    const group = (cidr: string): Template => ({
      Resources: {
        S: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress: [rule(cidr)] } },
      },
    });
    expect(confinedOf(group('0.0.0.0/0')).remarks).toEqual([expect.stringMatching(/lets every address in/)]);
    expect(confinedOf(group('192.0.2.0/24')).remarks).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { blueprintDraft } from '../../src/core/blueprint-draft.ts';
import { blueprintIntake, type IntakeInput } from '../../src/core/blueprint-intake.ts';
import { readBlueprint } from '../../src/core/read-blueprint.ts';
import { readStoredBlueprint } from '../../src/core/read-stored-blueprint.ts';
import { type JsonMap, mapAt, type Template } from '../../src/core/template.ts';
import { smallAuthored, smallBlueprint, smallTemplate } from '../emulator/small-blueprint.ts';
import { jsonFile, shippedBlueprint, shippedCatalogue } from '../shipped.ts';

function intakeOf(input: Partial<IntakeInput> = {}) {
  return blueprintIntake({
    authored: smallAuthored(),
    template: smallTemplate(),
    allowCustomResources: false,
    catalogue: shippedCatalogue,
    ...input,
  });
}

function wrong(input: Partial<IntakeInput>): string[] {
  const intake = intakeOf(input);
  return 'problems' in intake ? intake.problems.map(({ message }) => message) : [];
}

const authored = (changes: JsonMap): JsonMap => ({ ...smallAuthored(), ...changes });
/** The small template with some members of a section changed. */
function changed(section: string, changes: JsonMap, template = smallTemplate()): Template {
  return { ...template, [section]: { ...mapAt(template, section), ...changes } };
}
function without(section: string, name: string): Template {
  const rest = Object.entries(mapAt(smallTemplate(), section)).filter(([key]) => key !== name);
  return { ...smallTemplate(), [section]: Object.fromEntries(rest) };
}
const parameters = (changes: JsonMap) => ({
  parameters: { ...mapAt(smallAuthored(), 'parameters'), ...changes },
});

describe('a blueprint that is taken in', () => {
  it('says where the installation goes, and lists what the template makes', () => {
    const { blueprint, template } = smallBlueprint();
    expect(blueprint.parameters).toMatchObject({
      ClusterdropRolePath: { system: 'role-path' },
      ClusterdropBoundary: { system: 'boundary' },
    });
    expect(blueprint.template).toEqual({ file: 'template.json' });
    expect(blueprint.resources).toEqual(
      expect.arrayContaining([
        {
          logicalId: 'LoginNode',
          type: 'AWS::EC2::Instance',
          seconds: 15,
          after: ['NodeProfile', 'LoginSecurityGroup'],
          replacedBy: ['Subnet'],
          protected: true,
        },
      ]),
    );
    expect(readStoredBlueprint(JSON.parse(JSON.stringify(blueprint)))).toEqual({ blueprint });
    expect(mapAt(JSON.parse(template) as Template, 'Parameters')).toHaveProperty('ClusterdropBoundary');
  });

  it('taken in once more stays as it is', () => {
    const { blueprint, template } = smallBlueprint();
    const again = intakeOf({ authored: blueprint, template: JSON.parse(template) as Template });
    expect(again).toEqual({ blueprint, template, changes: [], remarks: [] });
  });

  it('takes another name', () => {
    expect(smallBlueprint({ name: 'mine' }).blueprint.name).toBe('mine');
    expect(wrong({ name: 'No Name' })).toEqual([expect.stringContaining('name')]);
  });

  it.each<[what: string, input: Partial<IntakeInput>, problem: RegExp]>([
    [
      'a parameter that the template lacks',
      { template: without('Parameters', 'Profiles') },
      /parameters.Profiles: the template has no such parameter/,
    ],
    [
      'a parameter that nobody gives a value',
      { template: changed('Parameters', { KeyName: { Type: 'String' } }) },
      /parameters.KeyName: the template needs a value/,
    ],
    [
      'a default that the template does not allow',
      {
        template: changed('Parameters', {
          MasterInstanceType: { Type: 'String', AllowedValues: ['m5.large'] },
        }),
      },
      /MasterInstanceType: it is "t3.medium" by the default of MasterInstanceType, but the template allows m5.large/,
    ],
    [
      'a value that the template does not allow',
      {
        authored: authored(parameters({ Mode: { value: 'c' } })),
        template: changed('Parameters', { Mode: { Type: 'String', AllowedValues: ['a', 'b'] } }),
      },
      /Mode: it is "c" always, but the template allows a, b/,
    ],
    [
      'an output that is not there',
      { authored: authored({ addressOutput: 'Address' }) },
      /no output Address, only LoginAddress/,
    ],
    [
      'nothing that tells where to log in',
      {
        authored: authored({ addressOutput: null }),
        template: changed('Resources', { Archive: { Type: 'AWS::EC2::Volume' } }),
      },
      /addressOutput/,
    ],
    [
      'no capability',
      { authored: authored({ capabilities: [] }) },
      /capabilities: the template makes IAM roles/,
    ],
    [
      'a list of other resources',
      { authored: authored({ resources: [{ logicalId: 'Other', type: 'AWS::EC2::VPC', seconds: 1 }] }) },
      /resources, Other: the template has no such resource/,
    ],
    [
      'a change that would replace the login node',
      {
        authored: authored({
          changeable: ['MasterInstanceType'],
          ...parameters({ ImageId: { from: 'MasterInstanceType' } }),
        }),
      },
      /changeable, MasterInstanceType: its parameter ImageId would replace LoginNode/,
    ],
    [
      'a role that cannot be confined',
      { template: changed('Resources', { U: { Type: 'AWS::IAM::User' } }) },
      /Resources.U/,
    ],
    [
      'a template too large',
      { template: { ...smallTemplate(), Metadata: { A: 'ä'.repeat(500_001) } } },
      /more than 1000000 bytes/,
    ],
  ])('is refused for %s', (_, input, expected) => {
    const found = wrong(input);
    expect(
      found.some((message) => expected.test(message)),
      found.join('\n'),
    ).toBe(true);
  });

  it('tells the mistakes of both files at once', () => {
    const found = wrong({
      authored: authored({ title: '', capabilities: ['CAPABILITY_ALL'] }),
      template: { ...changed('Resources', { U: { Type: 'AWS::IAM::User' } }), Transform: 'X' },
    });
    expect(found).toHaveLength(4);
  });
});

describe('an image by its name in the Parameter Store', () => {
  const image = (fallback: string): Template =>
    changed('Parameters', {
      ImageId: { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: fallback },
    });
  const LATEST = '/aws/service/debian/release/12/latest/amd64';

  it('would replace the login node of a cluster that is changed', () => {
    expect(wrong({ template: image(LATEST) })).toEqual([expect.stringMatching(/looked up anew/)]);
  });

  it('does for clusters that are never changed', () => {
    expect(wrong({ template: image(LATEST), authored: authored({ changeable: ['Lifetime'] }) })).toEqual([]);
  });

  it("must be one of AWS's own", () => {
    expect(wrong({ template: image('/ours/secret'), authored: authored({ changeable: [] }) })).toEqual([
      expect.stringMatching(/must name a parameter below \/aws\/service\//),
    ]);
  });
});

describe('a first blueprint.json', () => {
  it('is complete enough to be taken in where the template tells everything', () => {
    const defaults = mapAt(smallAuthored(), 'defaults');
    let template = smallTemplate();
    for (const [name, value] of Object.entries(defaults)) {
      const body = mapAt(mapAt(template, 'Parameters'), name);
      if (Object.keys(body).length > 0)
        template = changed('Parameters', { [name]: { ...body, Default: value } }, template);
    }
    template = changed('Parameters', { Profiles: { Type: 'String', Default: '' } }, template);
    const { blueprint, open } = blueprintDraft(template, 'mine', shippedCatalogue);
    expect(blueprint).toMatchObject({
      name: 'mine',
      addressOutput: 'LoginAddress',
      capabilities: ['CAPABILITY_IAM'],
      parameters: {
        Vpc: { system: 'vpc' },
        Subnets: { system: 'subnets' },
        SshFrom: { system: 'ssh-from' },
        ComputeMaxNodes: { from: 'ComputeMaxNodes' },
      },
      defaults,
    });
    expect(open).toEqual([
      expect.stringMatching(/^price.nodeDiskGb: /),
      expect.stringMatching(/^changeable: /),
    ]);
    expect(wrong({ authored: blueprint, template })).toEqual([]);
  });

  it('says what it had to guess', () => {
    const template: Template = {
      Parameters: { KeyName: { Type: 'AWS::EC2::KeyPair::KeyName' } },
      Resources: { Login: { Type: 'AWS::EC2::Instance', Properties: { InstanceType: 'm5.large' } } },
    };
    const { blueprint, open } = blueprintDraft(template, 'mine', shippedCatalogue);
    expect(blueprint.defaults['MasterInstanceType']).toBe('m5.large');
    expect(open.filter((line) => line.startsWith('defaults.'))).toHaveLength(6);
    expect(open).toContain('parameters.KeyName: the template needs a value and has no default');
    expect(readBlueprint(blueprint, shippedCatalogue)).toEqual({ blueprint });
  });

  it("knows Alces's way to take any type", () => {
    const alces = shippedBlueprint('alces-flight').blueprint;
    const types = { Type: 'String', AllowedValues: ['other'], Default: 'other' };
    const template: Template = {
      Parameters: {
        ...Object.fromEntries(
          Object.keys(alces.parameters).map((name) => [
            name,
            { Type: 'String', Default: String(alces.defaults[name] ?? '') },
          ]),
        ),
        ComputeInstanceType: types,
        MasterInstanceType: types,
      },
      Resources: { MasterNode: { Type: 'AWS::EC2::Instance' } },
    };
    const { blueprint } = blueprintDraft(template, 'alces', shippedCatalogue);
    expect(blueprint.parameters).toEqual(alces.parameters);
    expect(blueprint.defaults).toEqual({
      ...alces.defaults,
      ComputeInitialNodes: '1',
      ComputeMaxNodes: '4',
      MasterSystemVolumeSize: '16',
    });
  });
});

it('can be written without resources', () => {
  const { required } = jsonFile('schemas/blueprint.schema.json') as { required: string[] };
  expect(required).not.toContain('resources');
});

import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { templateAt } from '../../src/engine/blueprints.ts';
import { prepareFolder } from '../../src/local/prepare-folder.ts';
import { type Cli, openCli, type RunOptions } from '../cli/cli-fixture.ts';
import { SMALL_FOLDER, smallBlueprint } from '../emulator/small-blueprint.ts';
import { root } from '../shipped.ts';

let world: Cli;
beforeEach(async () => {
  world = await openCli();
  cpSync(SMALL_FOLDER, join(world.base, 'small'), { recursive: true });
  cpSync(join(root, 'examples/guide.cf-create'), join(world.base, 'guide.cf-create'));
});
afterEach(() => world.close());

const add = (args: readonly string[], options?: RunOptions) =>
  world.cli(['admin', 'add-blueprint', ...args], options);
const admin = (...path: string[]) => join(world.dir, 'admin', ...path);
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const offer = (name = 'small') => json(admin('blueprints', name, 'current.json'));
/** Hashes are of the content, which may change. */
const steady = (text: string) =>
  text.replace(/\b[0-9a-f]{16}\b/g, '<hash>').replace(/\b\d{4} bytes/, '<size> bytes');

describe('admin add-blueprint', () => {
  it('says what it changed, stores both files and offers them', async () => {
    const said = await add(['small']);
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(steady(said.out)).toMatchInlineSnapshot(`
      "small: A small cluster for tests, with the keys and defaults of slurm
      6 resources, 16 parameters set, <size> bytes, from small/template.yaml
      Changed in the template, so that its stacks stay confined:
        Resources.NodeRole.Properties.Path set to that of the installation
        Resources.NodeRole.Properties.PermissionsBoundary set to that of the installation
        Resources.NodeProfile.Properties.Path set to that of the installation
        Parameters.ClusterdropRolePath added
        Parameters.ClusterdropBoundary added

      Stored as blueprints/small/<hash>/ and offered from now on.
      A request takes it with "Blueprint": "small".
      Nobody may use it yet. To let everybody: clusterdrop admin limits set blueprints=slurm,alces-flight,small
      "
    `);
    const { blueprint, template } = smallBlueprint();
    const folder = admin('blueprints/small', offer().hash);
    expect(json(join(folder, 'blueprint.json'))).toEqual(blueprint);
    expect(readFileSync(join(folder, 'template.json'), 'utf8')).toBe(template);
    expect(await templateAt({ admin: world.stores().admin }, { name: 'small', hash: offer().hash })).toEqual({
      key: `blueprints/small/${offer().hash}/template.json`,
      size: Buffer.byteLength(template),
      body: template,
    });
    expect((await add(['small/blueprint.json'])).out).toContain('nothing has changed');
  });

  it('makes simulated clusters of it: the example of the guide, unchanged', async () => {
    await add(['small', '--default']);
    await world.cli(['admin', 'limits', 'set', 'blueprints=small']);
    const { bucket, ...installation } = json(admin('installation.json'));
    expect(installation).toMatchObject({ defaultBlueprint: 'small', simulated: true, prefix: 'clusterdrop' });
    expect(bucket).toBe('local');
    const created = await world.cli(['create', 'demo', '--file', 'guide.cf-create', '--wait']);
    expect(created.code, created.err).toBe(0);
    expect(json(join(world.home, 'demo.cf-status'))).toMatchObject({ state: 'running' });
    expect(await world.cli(['delete', 'demo', '--wait'])).toMatchObject({ code: 0 });
  });

  it('leaves a cluster where it runs, when the installation prefers another place since then', async () => {
    await add(['small', '--default']);
    await world.cli(['admin', 'limits', 'set', 'blueprints=small']);
    const place = (subnets: readonly string[]) => {
      const network = {
        vpc: 'vpc-1',
        subnets,
        sshFrom: '192.0.2.0/24',
        boundary: 'arn:1',
        rolePath: '/n/clusters/',
      };
      writeFileSync(
        admin('installation.json'),
        JSON.stringify({ ...json(admin('installation.json')), network }),
      );
    };
    const running = () =>
      Object.values<{ parameters: object }>(json(admin('ledger/alice.json')).clusters)[0]?.parameters;
    place(['subnet-1', 'subnet-2']);
    await world.cli(['create', 'demo', '--wait']);
    expect(running()).toMatchObject({
      Subnet: 'subnet-1',
      ClusterdropBoundary: 'arn:1',
      ComputeMaxNodes: '4',
    });
    place(['subnet-2']);
    expect(await world.cli(['create', 'demo', '--max-nodes', '5', '--wait'])).toMatchObject({ code: 0 });
    expect(running()).toMatchObject({
      Subnet: 'subnet-1',
      Subnets: 'subnet-1,subnet-2',
      ComputeMaxNodes: '5',
    });
  });

  it("keeps the administrator's defaults, and the blueprint of clusters that run", async () => {
    await add(['small']);
    await world.cli(['admin', 'limits', 'set', 'blueprints=small,slurm']);
    const first = offer().hash;
    writeFileSync(
      admin('blueprints/small/current.json'),
      JSON.stringify({ ...offer(), defaults: { ComputeMaxNodes: 2 } }),
    );
    await world.cli(['create', 'demo', '--blueprint', 'small', '--wait']);
    const changed = { ...json(join(world.base, 'small/blueprint.json')), title: 'Another one' };
    writeFileSync(join(world.base, 'small/blueprint.json'), JSON.stringify(changed));
    expect((await add(['small'])).out).toContain('offered to new clusters; running ones keep theirs');
    expect(offer()).toMatchObject({ defaults: { ComputeMaxNodes: 2 }, own: true });
    expect(offer().hash).not.toBe(first);
    expect(readdirSync(admin('blueprints/small'))).toContain(first);
    const ledger = readFileSync(
      admin('ledger', readdirSync(admin('ledger')).find((one) => one.startsWith('alice')) ?? ''),
      'utf8',
    );
    expect(ledger).toContain(first);
  });

  it('takes the place of a shipped one for good', async () => {
    await add(['small', '--name', 'slurm']);
    const { hash } = offer('slurm');
    await prepareFolder(world.dir);
    expect(offer('slurm').hash).toBe(hash);
  });

  it('stores nothing in a dry run, nor when nobody agrees', async () => {
    const dry = await add(['small', '--dry-run']);
    expect(dry).toMatchObject({ code: 0, out: expect.stringContaining('Nothing was stored') });
    const declined = await add(['small'], { answers: ['no'] });
    expect(declined).toMatchObject({ code: 1, out: '' });
    expect(declined.err).toMatch(
      /set to that of the installation[^]*Offer the blueprint "small"\? \[y\/N\] $/,
    );
    expect(existsSync(admin('blueprints/small'))).toBe(false);
    expect(await add(['small'], { answers: ['yes'] })).toMatchObject({ code: 0 });
  });

  it('says who may use it', async () => {
    await add(['small']);
    await world.cli(['admin', 'limits', 'set', 'alice', 'blueprints=slurm,small']);
    expect((await add(['small'])).out).toContain('Of all users only alice may use it.');
    await world.cli(['admin', 'limits', 'set', 'blueprints=small']);
    expect((await add(['small'])).out).toContain('Everybody may use it');
    expect(JSON.parse((await add(['small', '--json'])).out)).toMatchObject({
      name: 'small',
      outcome: 'unchanged',
      stored: true,
      default: false,
      audience: { everybody: true, users: ['alice'] },
    });
  });

  it('tells every mistake at once, with the place and the way out', async () => {
    writeFileSync(
      join(world.base, 'small/template.yaml'),
      `${readFileSync(join(SMALL_FOLDER, 'template.yaml'), 'utf8')}\nTransform: AWS::Serverless-2016-10-31\n`
        .replace('Type: AWS::IAM::Role', 'Type: AWS::IAM::Role\n    DeletionPolicy: Retain')
        .replace('Roles: [!Ref NodeRole]', 'Roles: [admin]'),
    );
    const said = await add(['small']);
    expect(said.code).toBe(3);
    expect(said.err).toMatchInlineSnapshot(`
      "clusterdrop: the template cannot be confined: Transform: macros write resources that nobody has looked at
          Take in the processed template, in which they are worked out: aws cloudformation get-template --template-stage Processed. docs/guide-blueprints.md says what can be taken in, and why.
      clusterdrop: the template cannot be confined: Resources.NodeProfile.Properties.Roles: it must be the template's own AWS::IAM::Role, found ["admin"]
          Make the Role in this template and refer to it with Ref or GetAtt. docs/guide-blueprints.md says what can be taken in, and why.
      "
    `);
    expect(existsSync(admin('blueprints/small'))).toBe(false);
  });

  it('says what is missing', async () => {
    expect((await add([])).err).toContain('must be told the template');
    expect((await add(['nowhere'])).err).toContain('there is no such file');
    writeFileSync(join(world.base, 'small/blueprint.json'), '{');
    expect((await add(['small'])).err).toContain('not valid JSON');
    writeFileSync(join(world.base, 'latin.yaml'), Buffer.from([0x61, 0x3a, 0xe4]));
    expect((await add(['--template', 'latin.yaml'])).err).toContain('it is no text in UTF-8');
  });
});

describe('a template alone', () => {
  it('gives a first blueprint.json to complete, and stores nothing', async () => {
    const said = await add(['--template', 'small/template.yaml', '--name', 'mine', '--write', 'mine.json']);
    expect(said).toMatchObject({ code: 0, out: 'Wrote mine.json.\n' });
    expect(said.err).toMatchInlineSnapshot(`
      "Nothing is stored yet: this is a first blueprint.json. Look at these places, then: clusterdrop admin add-blueprint mine.json --template small/template.yaml
        parameters.Profiles: the template needs a value and has no default
        parameters.ComputeSpotPrice: written as USD, where 0 is on demand; without "as", on-demand and spot are words
        defaults.MasterInstanceType: t3.medium is a guess; price and limits are judged by it
        defaults.MasterSystemVolumeSize: 16 is a guess; price and limits are judged by it
        defaults.ComputeInstanceType: c7i.large is a guess; price and limits are judged by it
        defaults.ComputeSpotPrice: on-demand is a guess; price and limits are judged by it
        defaults.AutoscalingPolicy: enabled is a guess; price and limits are judged by it
        defaults.ComputeInitialNodes: 0 is a guess; price and limits are judged by it
        defaults.ComputeMaxNodes: 4 is a guess; price and limits are judged by it
        price.nodeDiskGb: 16 is a guess
        changeable: which keys a running cluster may take over; none so far
      "
    `);
    expect(json(join(world.base, 'mine.json'))).toMatchObject({
      name: 'mine',
      addressOutput: 'LoginAddress',
    });
    expect(existsSync(admin('blueprints/mine'))).toBe(false);
    expect((await add(['--template', 'small/template.yaml', '--write', 'mine.json'])).err).toContain(
      'mine.json is there already',
    );
    const shown = await add(['small/template.yaml']);
    expect(JSON.parse(shown.out)).toMatchObject({ name: 'small' });
    expect((await add(['small', '--write', 'x.json'])).err).toContain('cannot be used together');
  });
});

describe('a template by its address', () => {
  const env = { CLUSTERDROP_LOOPBACK_ONLY: '1' };
  let server: Server;
  let address: string;
  let answer: RequestListener;
  let asked: string[];
  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const from = (url: string) => add(['small', '--template', url, '--dry-run'], { env });

  it('is fetched once, also when it has moved', async () => {
    answer = ({ url }, response) => {
      if (url === '/old') response.writeHead(302, { location: '/new' }).end();
      else response.end(readFileSync(join(SMALL_FOLDER, 'template.yaml')));
    };
    expect(await from(`${address}/old`)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`from ${address}/old`),
    });
    expect(asked).toEqual(['/old', '/new']);
  });

  it.each<[what: string, answers: RequestListener, why: RegExp]>([
    ['a refusal', (_, response) => void response.writeHead(403).end(), /the answer is 403 Forbidden/],
    [
      'more than CloudFormation takes',
      (_, response) => {
        // Without an end, and without a size that could be believed.
        const more = () => {
          while (response.write('x'.repeat(65_536)));
        };
        response.on('drain', more);
        more();
      },
      /more than 1000000 bytes/,
    ],
    [
      'a circle',
      (_, response) => void response.writeHead(302, { location: '/again' }).end(),
      /sent on more than 5 times/,
    ],
    [
      'a way to another machine',
      (_, response) => void response.writeHead(302, { location: 'https://example.org/t' }).end(),
      /example.org\/t was not fetched: .*another machine/,
    ],
    [
      'a way into this machine',
      (_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      /another machine|only https/,
    ],
    ['a hang-up', (_, response) => void response.destroy(), /was not fetched: /],
  ])('is not taken from %s', async (_, answers, why) => {
    answer = answers;
    const said = await from(`${address}/t`);
    expect(said.code).toBe(3);
    expect(said.err).toMatch(why);
  });

  it('is asked for by https only, and without a password', async () => {
    for (const url of [`${address}/t`, 'ftp://127.0.0.1/t', 'https://me:secret@127.0.0.1/t']) {
      const said = await add(['small', '--template', url], { env: { CLUSTERDROP_LOOPBACK_ONLY: '' } });
      expect(said.code).toBe(3);
      expect(said.err).toMatch(/only https|password/);
      expect(said.err).not.toContain('secret');
    }
    expect(asked).toEqual([]);
  });
});

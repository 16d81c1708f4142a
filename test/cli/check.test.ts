import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkSources } from '../../src/cli/check-sources.ts';
import { checkWords } from '../../src/cli/check-words.ts';
import { clusterAt } from '../../src/core/identity.ts';
import { checkRequest } from '../../src/engine/client/check-request.ts';
import { type Cli, openCli, steady } from './cli-fixture.ts';

let world: Cli;
beforeEach(async () => {
  world = await openCli();
});
afterEach(() => world.close());

const check = (input: string, ...more: string[]) => world.cli(['check', '-', ...more], { input });

it('shows settings with their origins, parameters, price and limits', async () => {
  const current = join(world.dir, 'admin/blueprints/slurm/current.json');
  const offer = JSON.parse(readFileSync(current, 'utf8'));
  writeFileSync(current, JSON.stringify({ ...offer, defaults: { MasterSystemVolumeSize: 64 } }));
  const said = await check('{"ComputeMaxNodes": 4, "ComputeSpotPrice": "0.05", "Lifetime": "8h"}');
  expect(said).toMatchObject({ code: 0, err: '' });
  expect(steady(said.out)).toMatchInlineSnapshot(`
    "standard input is fine.

    Settings
      SETTING                 VALUE       FROM
      Blueprint               slurm       default
      ComputeInstanceType     c7i.large   default
      MasterInstanceType      t3.medium   default
      ComputeSpotPrice        0.05        the file
      AutoscalingPolicy       enabled     default
      ComputeInitialNodes     0           default
      ComputeMaxNodes         4           the file
      MasterSystemVolumeSize  64          the administrator's default
      Lifetime                8h          the file
      IdleTimeout             off         default
      NotifyEmail             registered  default

    Template parameters
      NAME                    VALUE
      ClusterName             mycluster
      AccessUsername          alice
      Profiles                alice
      MasterInstanceType      t3.medium
      MasterSystemVolumeSize  64
      ComputeInstanceType     c7i.large
      ComputeSpotPrice        0.05
      AutoscalingPolicy       enabled
      ComputeInitialNodes     0
      ComputeMaxNodes         4

    Price: at most about 0.26 USD per hour (estimate, list prices of <day>, us-east-1)
      PART                             USD/HOUR  HOW
      login node t3.medium               0.0416  on demand
      disk of 64 GB                      0.0070  gp3
      4 compute nodes c7i.large          0.2000  spot, at your highest price
      4 compute nodes' disks of 16 GB    0.0070  gp3
    In 8h that is at most 2.05 USD.

    Limits of alice
      LIMIT             MOST      NOW
      clusters at once  3         0 others
      nodes             50        4 asked for
      disk              1024 GB   64 GB asked for
      per hour          25 USD    0.26 USD at most
      this month        1000 USD  0.00 USD spent or promised, 2.05 USD for this one
      lifetime          30d       8h asked for
    "
  `);
});

it('shows every problem with its place, exit code 2, and drops nothing', async () => {
  const said = await check('{\n  "ComputeMaxNodes": 999,\n  "Lifetime": "90d",\n  "Colour": 1\n}');
  expect(said).toMatchObject({ code: 2, err: '' });
  expect(said.out).toMatchInlineSnapshot(`
    "standard input: 5 problems. It would be refused.

    1. Line 2, column 22: ComputeMaxNodes is 999, your limit is 50
             "ComputeMaxNodes": 999,
                                ^
       What to do: Ask for at most 50, or ask the administrator of this machine (here: you) for more.

    2. Line 3, column 15: Lifetime is 90d, your limit is 30d
             "Lifetime": "90d",
                         ^
       What to do: Ask for at most 30d; a later drop that names Lifetime extends it. Or ask the administrator of this machine (here: you) for more.

    3. Line 4, column 3: there is no key "Colour"
             "Colour": 1
             ^
       What to do: Take it out; docs/request.md lists all keys. A note of your own may have a key that begins with //.

    4. The cluster could cost 90.96 USD per hour, your limit is 25 (estimates)
       What to do: Ask for fewer or smaller nodes or a lower spot price, or ask the administrator of this machine (here: you).

    5. The cluster could cost 196468.27 USD until its end; with 0.00 already spent or promised this month that is over your limit of 1000 (estimates)
       What to do: Shorten Lifetime, ask for fewer or smaller nodes, or ask the administrator of this machine (here: you).
    "
  `);
  expect((await world.cli(['list'])).out).toContain('no clusters');
});

it('judges a file for a running cluster as a change of it', async () => {
  await world.cli(['create', 'demo', '--wait']);
  const said = await check('{"ComputeMaxNodes": 8}', '--name', 'demo');
  expect(said.code).toBe(0);
  expect(said.out).toContain('demo runs, and this would change ComputeMaxNodes.');
  expect(said.out).toMatch(/MasterInstanceType +t3\.medium +as it runs/);
});

it('answers with one JSON document', async () => {
  const fine = JSON.parse((await check('{}', '--json')).out);
  expect(fine).toMatchObject({
    version: 1,
    user: 'alice',
    problems: [],
    settings: { ComputeMaxNodes: expect.any(String) },
    origins: { ComputeMaxNodes: 'default' },
    price: { usdPerHour: expect.any(Number) },
    limits: { clusters: 3 },
    totals: { clusters: 0, usdThisMonth: 0 },
    unchecked: [],
  });
  const wrong = await check('[]', '--json');
  expect(wrong.code).toBe(2);
  expect(JSON.parse(wrong.out)).toMatchObject({ problems: [{ code: 'not-an-object' }], settings: null });
});

it('judges the file alone where there is no installation, and says so', async () => {
  const bare = await openCli({ prepared: false });
  const said = await bare.cli(['check', '-'], { input: '{"NotifyEmail": "me@example.org"}' });
  expect(said.code).toBe(0);
  expect(said.out).toContain('Settings');
  expect(said.out.slice(said.out.indexOf('Not checked'))).toMatchInlineSnapshot(`
    "Not checked: the administrator's bucket cannot be seen from here, so your limits, the installation's own defaults, and what you have already were not looked at.
    Not checked: whether mail may go to the address of NotifyEmail.
    "
  `);
  const wrong = await bare.cli(['check', '-'], { input: '{"ComputeMaxNodes": "lots"}' });
  expect(wrong.code).toBe(2);
  bare.close();
});

it("says the same for a user who cannot see the administrator's bucket", async () => {
  const sources = await checkSources({ clock: world.clock });
  const bytes = new TextEncoder().encode('{"Blueprint": "ours", "ComputeMaxNodes": 900}');
  const checked = await checkRequest(sources, clusterAt('b', 'home/alice/x'), bytes);
  expect(checked.problems).toEqual([]);
  expect(checkWords('x.json', 'alice', checked)).toContain('Not checked: whether there is such a blueprint');
});

it('tells a user without a profile whom to ask: exit code 3', async () => {
  const said = await world.cli(['check', '-', '--user', 'alice'], { input: '{}' });
  expect(said.code).toBe(0);
  await world.cli(['admin', 'add-user', 'bob']);
  await world.cli(['admin', 'remove-user', 'bob']);
  const bob = await world.cli(['check', '-', '--user', 'bob'], { input: '{}' });
  expect(bob.code).toBe(3);
  expect(bob.out).toContain('clusterdrop admin add-user bob');
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cli, columns, openCli } from './cli-fixture.ts';

let world: Cli;
beforeEach(async () => {
  world = await openCli();
});
afterEach(() => world.close());

const limits = (...args: string[]) => world.cli(['admin', 'limits', ...args]);
const file = (name: string) => join(world.dir, 'admin/limits', name);
const read = (name: string) => JSON.parse(readFileSync(file(name), 'utf8'));

describe('limits', () => {
  it('shows what holds and where it comes from', async () => {
    await limits('set', 'usdPerMonth=500', 'instanceTypes=t3.*, c7i.*');
    await limits('set', 'alice', 'clusters=5', 'usdPerMonth=none');
    const said = await limits('show', 'alice');
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toMatchInlineSnapshot(`
      "What alice may have

      LIMIT            VALUE                FROM
      clusters         5                    limits/alice.json
      nodes            50                   as shipped
      instanceTypes    t3.*, c7i.*          limits/default.json
      diskGb           1024                 as shipped
      spotPrice        1                    as shipped
      onDemand         yes                  as shipped
      usdPerHour       25                   as shipped
      usdPerMonth      no limit             limits/alice.json
      blueprints       slurm, alces-flight  as shipped
      mailDomains      none                 as shipped
      longestLifetime  30d                  as shipped
      "
    `);
    expect((await limits('show')).out).toMatch(/usdPerMonth +500 +limits\/default\.json/);
    expect(JSON.parse((await limits('show', 'alice', '--json')).out)).toMatchObject({
      version: 1,
      user: 'alice',
      limits: { clusters: { value: 5, from: 'user' }, usdPerMonth: { value: null, from: 'user' } },
    });
  });

  it('sets and unsets, says before and after, and keeps what else the file says', async () => {
    writeFileSync(file('alice.json'), '{"version":1,"//":"asked for by her group","nodes":4}');
    expect(
      (await limits('set', 'alice', 'nodes=8', 'onDemand=no', 'longestLifetime=12h', '--unset', 'diskGb'))
        .out,
    ).toMatchInlineSnapshot(`
      "alice: nodes  4 -> 8
      alice: onDemand  not set -> no
      alice: longestLifetime  not set -> 12h
      alice: diskGb  not set -> not set (as it was)
      "
    `);
    expect(read('alice.json')).toEqual({
      version: 1,
      '//': 'asked for by her group',
      nodes: 8,
      onDemand: false,
      longestLifetime: '12h',
    });
    expect((await limits('set', 'alice', '--unset', 'nodes')).out).toBe('alice: nodes  8 -> not set\n');
  });

  it('tells every mistake at once and changes nothing', async () => {
    const said = await limits(
      'set',
      'alice',
      'clusters=lots',
      'node=3',
      'usdPerHour=',
      'onDemand=maybe',
      'nodes=-1',
      'longestLifetime=soon',
    );
    expect(said.code).toBe(2);
    expect(said.err).toMatchInlineSnapshot(`
      "clusterdrop: the limit clusters must be a whole number, at least 0; found "lots"
          Write clusters=VALUE; --unset clusters goes back to the default.
      clusterdrop: there is no limit "node"
          Did you mean "nodes"?
      clusterdrop: the limit usdPerHour must be an amount in USD, or null for no limit; found ""
          Write usdPerHour=VALUE; --unset usdPerHour goes back to the default.
      clusterdrop: the limit onDemand must be true or false; found "maybe"
          Write onDemand=VALUE; --unset onDemand goes back to the default.
      clusterdrop: the limit nodes must be a whole number, at least 0; found "-1"
          Write nodes=VALUE; --unset nodes goes back to the default.
      clusterdrop: the limit longestLifetime must be a length of time such as "30d"; found "soon"
          Write longestLifetime=VALUE; --unset longestLifetime goes back to the default.
      "
    `);
    expect((await limits('set', 'alise', 'nodes=3')).err).toContain('Did you mean "alice"?');
  });

  it('leaves a file of a newer version alone: exit code 3', async () => {
    writeFileSync(file('alice.json'), '{"version":2,"nodes":4}');
    expect((await limits('set', 'alice', 'nodes=8')).code).toBe(3);
    expect(read('alice.json')).toEqual({ version: 2, nodes: 4 });
  });
});

describe('freeze and thaw', () => {
  it('hold one user back, with a reason for all to read', async () => {
    expect(
      (await world.cli(['admin', 'freeze', 'alice', '--reason', 'the term is over'])).out,
    ).toMatchInlineSnapshot(`
      "Nothing new starts for alice now: the term is over
      To end that: clusterdrop admin thaw alice
      "
    `);
    const said = await world.cli(['create', 'demo', '--no-check', '--wait']);
    expect(said.code).toBe(3);
    expect(said.err).toContain('New clusters are paused: the term is over');
    expect((await world.cli(['admin', 'thaw', 'alice'])).out).toBe(
      'New clusters may start again for alice.\n',
    );
    expect((await world.cli(['create', 'demo', '--wait'])).code).toBe(0);
    expect((await world.cli(['admin', 'thaw', 'alice'])).code).toBe(2);
  });

  it("hold everybody back, whatever one user's limits say", async () => {
    await world.cli(['admin', 'freeze', 'alice']);
    await world.cli(['admin', 'freeze']);
    expect((await world.cli(['admin', 'thaw', 'alice'])).out).toContain('but everybody is frozen');
    expect((await world.cli(['create', 'demo'])).code).toBe(3);
    await world.cli(['admin', 'thaw']);
    expect((await world.cli(['create', 'demo'])).code).toBe(0);
  });
});

describe('clusters, stop and history', () => {
  beforeEach(async () => {
    await world.cli(['admin', 'add-user', 'bob']);
    await world.cli(['create', 'one', '--user', 'alice', '--lifetime', '1d', '--wait']);
    await world.cli(['create', 'project/two', '--user', 'alice', '--wait']);
    await world.cli(['create', 'one', '--user', 'bob', '--wait']);
  });
  const stop = (...args: string[]) => world.cli(['admin', 'stop', ...args]);
  const settle = async () => {
    for (let i = 0; i < 100; i++) await world.advance(5000);
  };
  const names = async () =>
    JSON.parse((await world.cli(['admin', 'clusters', '--json'])).out).clusters.map(
      (one: { user: string; name: string }) => `${one.user}/${one.name}`,
    );

  it('show everything to the administrator', async () => {
    const said = await world.cli(['admin', 'clusters']);
    expect(said.code).toBe(0);
    expect(columns(said.out).replace(/\d+\.\d\d USD(?=\n)/g, '<usd>')).toMatchInlineSnapshot(`
      "CLUSTER  STATE  ADDRESS  ENDS IN  PER HOUR  STACK
      alice/one  running  <address>  23h59m  0.41 USD  clusterdrop-alice-one-<identity>
      alice/project/two  running  <address>  6d23h  0.41 USD  clusterdrop-alice-two-<identity>
      bob/one  running  <address>  6d23h  0.41 USD  clusterdrop-bob-one-<identity>

      USER  CLUSTERS  PER HOUR  THIS MONTH
      alice  2  0.82 USD  <usd>
      bob  1  0.41 USD  <usd>
      "
    `);
  });

  it("end one cluster, one user's, or everybody's", async () => {
    expect((await stop('alice/project/two')).out).toMatchInlineSnapshot(`
      "Told 1 cluster to end:
        alice/project/two

      How far they are: clusterdrop admin clusters
      "
    `);
    await settle();
    expect(await names()).toEqual(['alice/one', 'bob/one']);
    await stop('alice');
    await settle();
    expect(await names()).toEqual(['bob/one']);
    expect((await stop('--all')).out).toContain('bob/one');
    await settle();
    expect((await world.cli(['admin', 'clusters'])).out).toContain('There are no clusters.');
    expect((await stop('--all')).out).toBe('There is nothing to end.\n');
    const history = await world.cli(['admin', 'history']);
    expect(columns(history.out).replace(/\d+\.\d\d USD/g, '<usd>')).toMatchInlineSnapshot(`
      "CLUSTER  BEGAN (UTC)  ENDED (UTC)  WHY  COST AT MOST
      alice/project/two  <minute>  <minute>  asked  <usd>
      alice/one  <minute>  <minute>  asked  <usd>
      bob/one  <minute>  <minute>  asked  <usd>

      USER  CLUSTERS  COST AT MOST
      alice  2  <usd>
      bob  1  <usd>
      "
    `);
    expect(JSON.parse((await world.cli(['admin', 'history', '--json'])).out).users).toHaveLength(2);
  });

  it('end what was asked for and not begun', async () => {
    world.setRunning(false);
    await world.cli(['create', 'three', '--user', 'bob']);
    await world.advance(1000);
    expect((await stop('bob')).out).toContain('bob/three');
    world.setRunning(true);
    await settle();
    expect(await names()).toEqual(['alice/one', 'alice/project/two']);
  });

  it('ask first, and know who is meant', async () => {
    const asked = await stop('--all');
    expect(asked.code).toBe(0);
    const declined = await world.cli(['admin', 'stop', 'bob'], { answers: ['no'] });
    expect(declined).toMatchObject({ code: 1, out: '' });
    expect(declined.err).toBe('End 1 cluster (bob/one)? Jobs on them are lost. [y/N] ');
    expect((await stop('bbo')).err).toContain('Did you mean "bob"?');
    expect((await stop('alice/on')).err).toContain('Did you mean "one"?');
    expect((await stop('alice', '--all')).err).toContain('cannot be used together');
  });

  it('know a month when they see one', async () => {
    const said = await world.cli(['admin', 'history', 'november']);
    expect(said.code).toBe(2);
    expect(said.err).toContain('"november" is no month');
    expect((await world.cli(['admin', 'history', '2001-01'])).out).toContain('No cluster ended in 2001-01.');
  });
});

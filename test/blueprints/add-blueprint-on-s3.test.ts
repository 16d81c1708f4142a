import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { offeredBlueprint, templateAt } from '../../src/engine/blueprints.ts';
import { textOf } from '../../src/engine/json-object.ts';
import { openS3Cli, type S3Cli } from '../cli/s3-cli.ts';
import { describeOnMoto, type Moto, startMoto } from '../emulator/moto.ts';
import { SMALL_FOLDER, smallBlueprint } from '../emulator/small-blueprint.ts';

describeOnMoto('admin add-blueprint in an account', () => {
  let moto: Moto;
  let world: S3Cli;
  beforeAll(async () => {
    moto = await startMoto();
  }, 60_000);
  afterAll(() => moto.stop());
  beforeEach(async () => {
    world = await openS3Cli(moto.endpoint);
  }, 60_000);
  afterEach(() => world.close());

  it('stores both files, makes it the default, and keeps what else the installation says', async () => {
    const document = async () => {
      const object = await world.admin.get('installation.json');
      return JSON.parse(textOf(object?.body ?? new Uint8Array())) as object;
    };
    const before = await document();
    const said = await world.plain([
      'admin',
      'add-blueprint',
      SMALL_FOLDER,
      '--default',
      '--store',
      world.store,
    ]);
    expect(said.code, said.err).toBe(0);
    expect(said.out).toContain(`blueprints=slurm,alces-flight,small --store ${world.store}`);
    const offered = await offeredBlueprint(world, 'small');
    const { blueprint, template } = smallBlueprint();
    expect(offered?.blueprint).toEqual(blueprint);
    expect(offered && (await templateAt(world, offered.ref))).toMatchObject({ body: template });
    expect(await document()).toEqual({ ...before, defaultBlueprint: 'small' });
  });
});

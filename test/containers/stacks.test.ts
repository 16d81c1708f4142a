import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, inject } from 'vitest';
import { readInstallation } from '../../src/engine/installations.ts';
import { Alarm } from '../../src/local/containers/alarm.ts';
import { Caretaker } from '../../src/local/containers/caretaker.ts';
import { cleanHosts } from '../../src/local/containers/clean-hosts.ts';
import { ContainerStacks } from '../../src/local/containers/container-stacks.ts';
import { HostedBook } from '../../src/local/containers/hosted-book.ts';
import { openEngine } from '../../src/local/containers/open-engine.ts';
import { openHosting } from '../../src/local/containers/open-hosting.ts';
import { SoleCaretaker } from '../../src/local/containers/sole-caretaker.ts';
import { foldersOf, openFolderStores, systemClock } from '../../src/local/open-folder-stores.ts';
import { prepareFolder } from '../../src/local/prepare-folder.ts';
import { shippedPrices } from '../../src/shipped/shipped-catalogue.ts';
import { type StacksUnderTest, stacksContract } from '../contract/stacks.contract.ts';
import { moreNodes, SLURM, slurmOrder } from '../local/slurm-orders.ts';
import type { LabPlace } from './lab-place.ts';

const PARAMETERS = {
  ...slurmOrder().parameters,
  ClusterName: 'mycluster',
  AccessUsername: 'alice',
  Profiles: 'alice',
  MasterInstanceType: 't3.medium',
  ComputeInstanceType: 'c7i.large',
  AutoscalingPolicy: 'enabled',
  ComputeInitialNodes: '0',
  ComputeMaxNodes: '4',
};

const lab = inject('lab');

describe.skipIf(lab === null)('in a container engine', () => {
  if (lab !== null) stacksContract('what is made of containers', () => open(lab));
});

async function open(place: LabPlace): Promise<StacksUnderTest> {
  const dir = mkdtempSync(join(tmpdir(), 'clusterdrop-stacks-'));
  await prepareFolder(dir, false);
  const { users, admin } = openFolderStores(dir);
  const { id: installation = '' } = (await readInstallation(admin)) ?? {};
  const book = new HostedBook(foldersOf(dir).hosts);
  const happened = new Alarm();
  const log = { turn: () => undefined, answered: () => undefined, trouble: () => undefined };
  const catalogue = await shippedPrices.catalogue();
  const hosting = {
    ...(await openHosting(
      { dir, installation, book, users, admin, catalogue, clock: systemClock, log },
      {
        opened: await openEngine(place.socket),
        base: place.baseImage,
        buildNetwork: 'none',
        progress: () => undefined,
      },
    )),
    // The contract sets tags of its own.
    clusterOf: ({ name }: { readonly name: string }) => ({
      bucket: users.bucket,
      user: 'alice',
      path: `home/alice/${name}`,
      name,
    }),
    changed: () => happened.wake(),
  };
  const caretaker = new Caretaker(hosting, new SoleCaretaker(foldersOf(dir).hosts));
  return {
    stacks: new ContainerStacks({
      book,
      clock: systemClock,
      blueprintOf: () => Promise.resolve(SLURM),
    }),
    // Until something happens that the test has not seen yet.
    async advance() {
      caretaker.tick();
      await happened.wait(60_000);
    },
    order: (overrides) => slurmOrder({ parameters: PARAMETERS, ...overrides }),
    changed: moreNodes,
    addressOutput: 'LoginAddress',
    async close() {
      await caretaker.stopped();
      await cleanHosts(hosting, true);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

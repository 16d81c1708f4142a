import { blueprintAt } from '../engine/blueprints.ts';
import { readInstallation } from '../engine/installations.ts';
import { Ledgers } from '../engine/ledgers.ts';
import type { Clock, Mail } from '../engine/ports.ts';
import type { Log, World } from '../engine/world.ts';
import { shippedPrices } from '../shipped/shipped-catalogue.ts';
import { ContainerHosts } from './containers/container-hosts.ts';
import { ContainerStacks } from './containers/container-stacks.ts';
import { HostedBook } from './containers/hosted-book.ts';
import { type HostingChoices, openHosting } from './containers/open-hosting.ts';
import { SoleCaretaker } from './containers/sole-caretaker.ts';
import type { FolderStore } from './folder-store.ts';
import type { LocalHosts } from './local-hosts.ts';
import { foldersOf, openFolderStores, systemClock } from './open-folder-stores.ts';
import { OutboxMail } from './outbox-mail.ts';
import { SimulatedHosts } from './simulated-hosts.ts';
import { SimulatedStacks } from './simulated-stacks.ts';
import { SmtpMail } from './smtp-mail.ts';

export interface LocalWorld extends World {
  readonly store: FolderStore;
  readonly adminStore: FolderStore;
  readonly hosts: LocalHosts;
}

export interface LocalWorldOptions {
  /** Prepared by `prepareFolder`. */
  readonly dir: string;
  /** How many times faster than AWS simulated stacks come and go. */
  readonly speed: number;
  readonly log: Log;
  readonly clock?: Clock;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Who is to look after hosts in containers from here; without it they are only looked at. */
  readonly containers?: HostingChoices | undefined;
}

const FROM = 'Clusterdrop <clusterdrop@localhost>';

/** Everything the engine needs, on one machine with no account: folders, simulated stacks or containers, mail into `outbox/` or by SMTP. */
export async function localWorld(options: LocalWorldOptions): Promise<LocalWorld> {
  const { dir, log, clock = systemClock, environment = process.env } = options;
  const folders = foldersOf(dir);
  const { users: store, admin } = openFolderStores(dir, clock);
  const installation = await readInstallation(admin);
  if (!installation) throw new Error(`${dir} holds no installation of Clusterdrop`);
  const outside = {
    installation,
    users: [store],
    store,
    admin,
    adminStore: admin,
    ledgers: new Ledgers(admin),
    mail: mailOf(folders.outbox, environment),
    clock,
    log,
    prices: shippedPrices,
  };
  if (installation.simulated) return withSimulatedStacks(outside, options);
  const book = new HostedBook(folders.hosts);
  const stacks = new ContainerStacks({ book, clock, blueprintOf: (ref) => blueprintAt({ admin }, ref) });
  const { containers } = options;
  if (!containers) return { ...outside, stacks, hosts: new ContainerHosts(book) };
  const catalogue = await shippedPrices.catalogue();
  const parts = { dir, installation: installation.id, book, users: store, admin, catalogue, clock, log };
  const hosting = await openHosting(parts, containers);
  return { ...outside, stacks, hosts: new ContainerHosts(book, hosting, new SoleCaretaker(folders.hosts)) };
}

function withSimulatedStacks(
  outside: Omit<LocalWorld, 'stacks' | 'hosts'>,
  { dir, speed }: LocalWorldOptions,
): LocalWorld {
  const folders = foldersOf(dir);
  const { admin, clock } = outside;
  const stacks = new SimulatedStacks({
    folder: folders.stacks,
    clock,
    speed,
    faultsFile: folders.faults,
    blueprintOf: (ref) => blueprintAt({ admin }, ref),
  });
  return { ...outside, stacks, hosts: new SimulatedHosts(stacks, { ...outside, stacks }) };
}

/** `CLUSTERDROP_SMTP_URL` sends real mail, from `CLUSTERDROP_MAIL_FROM`; without it letters lie in the outbox. */
function mailOf(outbox: string, environment: Readonly<Record<string, string | undefined>>): Mail {
  const from = environment['CLUSTERDROP_MAIL_FROM'] ?? FROM;
  const url = environment['CLUSTERDROP_SMTP_URL'];
  return url ? new SmtpMail(url, from) : new OutboxMail(outbox, from);
}

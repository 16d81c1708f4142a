import { blueprintAt } from '../engine/blueprints.ts';
import { readInstallation } from '../engine/installations.ts';
import { Ledgers } from '../engine/ledgers.ts';
import type { Clock, Mail } from '../engine/ports.ts';
import type { Log, World } from '../engine/world.ts';
import { shippedPrices } from '../shipped/shipped-catalogue.ts';
import type { FolderStore } from './folder-store.ts';
import { foldersOf, openFolderStores, systemClock } from './open-folder-stores.ts';
import { OutboxMail } from './outbox-mail.ts';
import { SimulatedStacks } from './simulated-stacks.ts';
import { SmtpMail } from './smtp-mail.ts';

export interface LocalWorld extends World {
  readonly store: FolderStore;
  readonly adminStore: FolderStore;
  readonly stacks: SimulatedStacks;
}

export interface LocalWorldOptions {
  /** Prepared by `prepareFolder`. */
  readonly dir: string;
  /** How many times faster than AWS simulated stacks come and go. */
  readonly speed: number;
  readonly log: Log;
  readonly clock?: Clock;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

const FROM = 'Clusterdrop <clusterdrop@localhost>';

/** Everything the engine needs, on one machine with no account: folders, simulated stacks, mail into `outbox/` or by SMTP. */
export async function localWorld({
  dir,
  speed,
  log,
  clock = systemClock,
  environment = process.env,
}: LocalWorldOptions): Promise<LocalWorld> {
  const folders = foldersOf(dir);
  const { users: store, admin } = openFolderStores(dir, clock);
  const installation = await readInstallation(admin);
  if (!installation) throw new Error(`${dir} holds no installation of Clusterdrop`);
  const stacks = new SimulatedStacks({
    folder: folders.stacks,
    clock,
    speed,
    faultsFile: folders.faults,
    blueprintOf: (ref) => blueprintAt({ admin }, ref),
  });
  return {
    installation,
    users: [store],
    store,
    admin,
    adminStore: admin,
    ledgers: new Ledgers(admin),
    stacks,
    mail: mailOf(folders.outbox, environment),
    clock,
    log,
    prices: shippedPrices,
  };
}

/** `CLUSTERDROP_SMTP_URL` sends real mail, from `CLUSTERDROP_MAIL_FROM`; without it letters lie in the outbox. */
function mailOf(outbox: string, environment: Readonly<Record<string, string | undefined>>): Mail {
  const from = environment['CLUSTERDROP_MAIL_FROM'] ?? FROM;
  const url = environment['CLUSTERDROP_SMTP_URL'];
  return url ? new SmtpMail(url, from) : new OutboxMail(outbox, from);
}

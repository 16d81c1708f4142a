import { ProblemError, problem } from '../../core/problems.ts';
import { visibleLine } from '../../core/report/visible.ts';
import { putDrop } from '../../engine/client/put-drop.ts';
import { reconcile } from '../../engine/reconcile.ts';
import { chooseHosts } from '../../local/choose-hosts.ts';
import { cleanHosts } from '../../local/containers/clean-hosts.ts';
import { HostedBook } from '../../local/containers/hosted-book.ts';
import { DEFAULT_BASE, openHosting } from '../../local/containers/open-hosting.ts';
import { SoleCaretaker } from '../../local/containers/sole-caretaker.ts';
import { foldersOf, openFolderStores } from '../../local/open-folder-stores.ts';
import { localWorld } from '../../local/world.ts';
import { shippedPrices } from '../../shipped/shipped-catalogue.ts';
import { answer } from '../answer.ts';
import type { Terminal } from '../command.ts';
import { openAdminStores } from '../open-stores.ts';
import type { ReadOptions } from '../options.ts';
import { printedLog } from '../printed-log.ts';

/** `clusterdrop local --clean`. @returns the exit code */
export async function cleanFolder(dir: string, options: ReadOptions, terminal: Terminal): Promise<number> {
  const { admin: own, clock } = await openAdminStores(options, terminal);
  const { users, admin } = openFolderStores(dir, clock);
  const chosen = await chooseHosts(dir, 'containers', terminal.env);
  if (chosen.kind !== 'containers') throw new Error('there is no engine to clean');
  const folder = foldersOf(dir).hosts;
  const book = new HostedBook(folder);
  const post = new SoleCaretaker(folder);
  if (!(await post.take())) throw new ProblemError(problem('still-running', { process: post.holder() }));
  try {
    // What happens to each cluster is told at the end, as a whole.
    const log = { ...printedLog(terminal, false), turn: () => undefined };
    const world = await localWorld({ dir, speed: 1, log, clock, environment: terminal.env });
    const hosting = await openHosting(
      {
        dir,
        installation: own.installation.id,
        book,
        users,
        admin,
        catalogue: await shippedPrices.catalogue(),
        clock,
        log,
      },
      { opened: chosen.found, base: DEFAULT_BASE, progress: () => undefined },
    );
    // The books and the owners are told as if each had been deleted by its owner.
    const cleaned = await cleanHosts({ ...hosting, changed: () => undefined }, options.has('force'), {
      ask: async (cluster) => void (await putDrop(users, cluster, 'delete', '')),
      look: async (cluster) => void (await reconcile(world, cluster)),
    });
    answer(terminal, options, { ...cleaned }, () => cleanedWords(cleaned));
    return cleaned.kept.length === 0 ? 0 : 1;
  } finally {
    await post.release();
  }
}

function cleanedWords({
  ended,
  kept,
}: {
  readonly ended: readonly string[];
  readonly kept: readonly string[];
}): string {
  const list = (names: readonly string[]) => names.map((name) => visibleLine(name, 80)).join(', ');
  if (kept.length > 0)
    return `Kept: ${list(kept)}, since what is in ~/files there could not be saved. With --force they go all the same.\n`;
  const clusters =
    ended.length === 0
      ? 'No cluster lived.'
      : `Ended: ${list(ended)}. Each .cf-deleted says when its files were saved.`;
  return `${clusters} No container, network, volume or image of this folder is left.\n`;
}

import { visibleLine } from '../../core/report/visible.ts';
import { answer } from '../answer.ts';
import type { Command } from '../command.ts';
import type { Finding } from '../doctor/finding.ts';
import { findings } from '../doctor/findings.ts';
import { PERSON, readOptions } from '../options.ts';

export const doctor: Command = {
  help: `Usage: clusterdrop doctor

Looks whether you have everything that you need: the installation, who you are there,
your rights on your folder, the clock, answers to your files, ssh, a key. Writes a
file .clusterdrop-doctor into your folder and removes it again. Each line says what
is wrong and how to mend it. Exit code 0: nothing that matters is wrong; 3: something is.

  --user NAME   who you are (or CLUSTERDROP_USER; default: you, or the only one)
  --store URL   the installation: s3://BUCKET (or CLUSTERDROP_STORE)
  --dir DIR     the same in a folder (or CLUSTERDROP_DIR; default ./clusterdrop-data)
  --json        one JSON document`,

  async run(args, terminal) {
    const options = readOptions({ command: 'doctor', options: PERSON }, args);
    const { user, store, checks } = await findings(options, terminal);
    const failed = checks.filter(({ outcome }) => outcome === 'fail').length;
    const warned = checks.filter(({ outcome }) => outcome === 'warn').length;
    answer(terminal, options, { user: user ?? null, store: store ?? null, checks }, () =>
      [...checks.map(linesOf), `\n${conclusion(failed, warned)}\n`].join(''),
    );
    return failed > 0 ? 3 : 0;
  },
};

function linesOf({ outcome, says, fix }: Finding): string {
  return `${outcome.padEnd(4)}  ${visibleLine(says)}\n${fix === undefined ? '' : `      ${visibleLine(fix)}\n`}`;
}

function conclusion(failed: number, warned: number): string {
  const things = (count: number) => (count === 1 ? 'One thing' : `${count} things`);
  if (failed > 0) return `${things(failed)} must be mended.`;
  return warned > 0 ? `It works. ${things(warned)} could be better.` : 'All is well.';
}

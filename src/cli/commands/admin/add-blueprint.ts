import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { blueprintDraft } from '../../../core/blueprint-draft.ts';
import { blueprintIntake, type Intake } from '../../../core/blueprint-intake.ts';
import { ProblemError, problem } from '../../../core/problems.ts';
import { visibleLine } from '../../../core/report/visible.ts';
import {
  type AddedBlueprint,
  addBlueprint,
  type BlueprintAudience,
  blueprintAudience,
  proposedBlueprint,
  setDefaultBlueprint,
} from '../../../engine/administration/add-blueprint.ts';
import { answer } from '../../answer.ts';
import { type BlueprintFiles, blueprintFiles } from '../../blueprint-files.ts';
import type { Command, Terminal } from '../../command.ts';
import { isAgreed } from '../../is-agreed.ts';
import { openAdminStores } from '../../open-stores.ts';
import { PLACE, type ReadOptions, readOptions } from '../../options.ts';
import { shellWord, shownPath } from '../../shown-path.ts';

export const addBlueprintCommand: Command = {
  help: `Usage: clusterdrop admin add-blueprint FOLDER|blueprint.json [--template FILE|URL]
       clusterdrop admin add-blueprint --template FILE|URL [--write blueprint.json]

Takes in a CloudFormation template, JSON or YAML, with the blueprint.json that says
what a request means to it. The template is confined: every role gets the path and
the boundary of the installation, nothing outlives its stack; what cannot be
confined is refused. Both are stored, and offered to new clusters. Running
clusters keep the blueprint that they began with.

With a template alone nothing is stored: a first blueprint.json is shown, for you
to complete. docs/guide-blueprints.md tells all of it.

  --template FILE|URL       the template, instead of the one that blueprint.json names;
                            an address (https) is fetched once
  --name NAME               another name for it
  --default                 it is the blueprint of requests that name none
  --allow-custom-resources  you trust the functions behind custom resources
  --write FILE              where the first blueprint.json goes
  --dry-run                 show what would be changed and stored; store nothing
  --yes                     do not ask first (nothing is asked where nobody can answer)
  --store s3://BUCKET       the installation, in an AWS account
  --dir DIR                 the installation on this machine (or CLUSTERDROP_DIR;
                            default ./clusterdrop-data)
  --json                    one JSON document`,

  async run(args, terminal) {
    const options = readOptions(
      {
        command: 'admin add-blueprint',
        options: {
          ...PLACE,
          template: { wants: 'a file or an https address' },
          name: { wants: 'a name such as my-cluster' },
          default: { wants: 'flag' },
          'allow-custom-resources': { wants: 'flag' },
          write: { wants: 'the name of a new file' },
          'dry-run': { wants: 'flag' },
          yes: { wants: 'flag' },
        },
        mayHave: 1,
      },
      args,
    );
    const files = await blueprintFiles(options.args[0], options.get('template'), terminal);
    if (files.authored === undefined) return draft(files, options, terminal);
    if (options.has('write'))
      throw new ProblemError(
        problem('clashing-options', {
          one: '--write',
          other: 'a blueprint.json',
          why: 'there is one already',
        }),
      );
    return take(files, options, terminal);
  },
};

async function draft(files: BlueprintFiles, options: ReadOptions, terminal: Terminal): Promise<number> {
  const name = options.get('name') ?? files.called;
  const { blueprint, open } = blueprintDraft(files.template, name, await shippedTypes());
  const text = `${JSON.stringify(blueprint, null, 2)}\n`;
  const file = options.get('write');
  if (file !== undefined) writeNew(resolve(terminal.cwd, file), text, terminal.cwd);
  const template = options.get('template') ?? options.args[0] ?? '';
  const next = `clusterdrop admin add-blueprint ${shellWord(file ?? 'blueprint.json')} --template ${shellWord(template)}`;
  answer(terminal, options, { blueprint, open, written: file ?? null, stored: false }, () =>
    file === undefined ? text : `Wrote ${shellWord(file)}.\n`,
  );
  if (!options.has('json'))
    terminal.err(
      `Nothing is stored yet: this is a first blueprint.json. Look at these places, then: ${next}\n${list(open)}`,
    );
  return 0;
}

async function take(files: BlueprintFiles, options: ReadOptions, terminal: Terminal): Promise<number> {
  const name = options.get('name');
  const intake = blueprintIntake({
    authored: files.authored,
    template: files.template,
    ...(name !== undefined && { name }),
    allowCustomResources: options.has('allow-custom-resources'),
    catalogue: await shippedTypes(),
  });
  if ('problems' in intake) throw new ProblemError(...intake.problems);
  const { admin, flags } = await openAdminStores(options, terminal);
  const proposed = await proposedBlueprint(admin.store, intake);
  const isDry = options.has('dry-run');
  const plan = planText(files, intake);
  if (!isDry && !options.has('json') && !options.has('yes') && terminal.canAsk) terminal.err(`${plan}\n`);
  if (!isDry && !(await isAgreed(`Offer the blueprint "${proposed.name}"?`, options, terminal))) return 1;
  if (!isDry) {
    await addBlueprint(admin.store, intake);
    if (options.has('default')) await setDefaultBlueprint(admin.store, proposed.name);
  }
  const audience = await blueprintAudience(admin.store, proposed.name);
  const isDefault = options.has('default') || admin.installation.defaultBlueprint === proposed.name;
  const document = {
    ...proposed,
    stored: !isDry,
    default: isDefault,
    parameters: intake.blueprint.parameters,
    changes: intake.changes,
    remarks: intake.remarks,
    audience,
  };
  answer(
    terminal,
    options,
    document,
    () => `${plan}
${isDry ? WOULD_BE[proposed.outcome](proposed) : DONE[proposed.outcome](proposed)}
${isDefault ? 'Requests that name no blueprint take it.' : `A request takes it with "Blueprint": "${proposed.name}".`}
${audienceText(audience, proposed.name, flags)}`,
  );
  return 0;
}

function planText({ from }: BlueprintFiles, { blueprint, template, changes, remarks }: Intake): string {
  const { name, title, resources, parameters } = blueprint;
  const changed =
    changes.length === 0
      ? 'Nothing had to be changed in the template.\n'
      : `Changed in the template, so that its stacks stay confined:\n${list(changes)}`;
  const known = remarks.length === 0 ? '' : `Worth knowing:\n${list(remarks)}`;
  return `${name}: ${visibleLine(title)}
${resources.length} resources, ${Object.keys(parameters).length} parameters set, ${Buffer.byteLength(template)} bytes, from ${from}
${changed}${known}`;
}

type Sentence = Readonly<Record<AddedBlueprint['outcome'], (blueprint: AddedBlueprint) => string>>;

const folder = ({ name, hash }: AddedBlueprint) => `blueprints/${name}/${hash}/`;
const DONE: Sentence = {
  added: (one) => `Stored as ${folder(one)} and offered from now on.`,
  changed: (one) => `Stored as ${folder(one)} and offered to new clusters; running ones keep theirs.`,
  unchanged: (one) => `It is offered already, as ${folder(one)}; nothing has changed.`,
};
const WOULD_BE: Sentence = {
  added: (one) => `Would be stored as ${folder(one)} and offered. Nothing was stored.`,
  changed: (one) =>
    `Would be stored as ${folder(one)} and offered to new clusters; running ones keep theirs. Nothing was stored.`,
  unchanged: (one) => `It is offered already, as ${folder(one)}. Nothing was stored.`,
};

function audienceText(
  { everybody, list: allowed, users }: BlueprintAudience,
  name: string,
  flags: string,
): string {
  if (everybody) return 'Everybody may use it, except those whose own limits do not name it.\n';
  const set = `clusterdrop admin limits set blueprints=${[...allowed, name].join(',')}${flags}`;
  return users.length > 0
    ? `Of all users only ${users.join(', ')} may use it. To let everybody: ${set}\n`
    : `Nobody may use it yet. To let everybody: ${set}\n`;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `  ${visibleLine(line)}\n`).join('');
}

async function shippedTypes() {
  const { shippedPrices } = await import('../../../shipped/shipped-catalogue.ts');
  return shippedPrices.catalogue();
}

/** Never over a file that somebody has completed. @throws ProblemError */
function writeNew(path: string, text: string, cwd: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new ProblemError(problem('file-exists', { file: shownPath(path, cwd) }));
  }
}

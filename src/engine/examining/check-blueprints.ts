import { fail, ok, type Verdict, warn } from '../../core/finding.ts';
import { ProblemError } from '../../core/problems.ts';
import { blueprintNames, type OfferedBlueprint, offeredBlueprints, templateAt } from '../blueprints.ts';
import { DEFAULT_BLUEPRINT } from '../gate.ts';
import type { EngineSubject } from './engine-subject.ts';

/** Something must be offered, the one that is meant by silence among it, and each with a template where stacks are real. */
export async function checkBlueprints(subject: EngineSubject): Promise<readonly Verdict[]> {
  const { admin, installation, flags } = subject;
  const add = `Add one: clusterdrop admin add-blueprint FOLDER${flags}`;
  const wrong: Verdict[] = [];
  const offered = await offeredBlueprints({ admin }, (_, one) => wrong.push(fail(one.message, one.fix)));
  if (offered.size === 0) {
    const stored = (await blueprintNames(admin)).length;
    return [...wrong, fail(stored === 0 ? 'none is stored' : 'none of those stored is offered', add)];
  }
  const byDefault = installation.defaultBlueprint ?? DEFAULT_BLUEPRINT;
  if (!offered.has(byDefault))
    wrong.push(
      fail(
        `"${byDefault}", the one of a request that names none, is not offered; there is ${[...offered.keys()].join(', ')}`,
        `${add}\nOr name another as "defaultBlueprint" in installation.json.`,
      ),
    );
  // On one machine stacks are simulated, or made of containers.
  if (installation.network)
    for (const [name, { ref }] of offered)
      wrong.push(...(await templateVerdicts(subject, name, ref, byDefault)));
  return wrong.length > 0 ? wrong : [ok(`${[...offered.keys()].join(', ')}; by default ${byDefault}`)];
}

async function templateVerdicts(
  { admin }: EngineSubject,
  name: string,
  ref: OfferedBlueprint['ref'],
  byDefault: string,
): Promise<readonly Verdict[]> {
  try {
    await templateAt({ admin }, ref);
    return [];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    // One that nobody needs by default may lie there for simulated clusters.
    return error.problems.map(({ message, fix }) => (name === byDefault ? fail : warn)(message, fix));
  }
}

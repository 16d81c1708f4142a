import { fail, ok, type Verdict, warn } from '../../core/finding.ts';
import { fitsGlob, limitsFor } from '../../core/limits.ts';
import { DEFAULT_BLUEPRINT } from '../gate.ts';
import { limitsFile } from '../limits-of.ts';
import type { ObjectStore } from '../ports.ts';
import type { EngineSubject } from './engine-subject.ts';
import { toldProblems } from './told-problems.ts';

/** A file of limits that cannot be read refuses every request of those whom it is for. */
export async function checkLimits({
  admin,
  installation,
  flags,
}: EngineSubject): Promise<readonly Verdict[]> {
  const names = await limitNames(admin);
  const wrong: Verdict[] = [];
  for (const name of names)
    wrong.push(...(await toldProblems(async () => (await limitsFile(admin, name), []))));
  if (wrong.length > 0) return wrong;
  const { frozen, blueprints } = limitsFor(await limitsFile(admin, 'default'));
  const byDefault = installation.defaultBlueprint ?? DEFAULT_BLUEPRINT;
  const verdicts: Verdict[] = [];
  if (!fitsGlob(byDefault, blueprints))
    verdicts.push(
      fail(
        `"${byDefault}", the blueprint of a request that names none, is not among those that users may use (${blueprints.join(', ') || 'none'})`,
        `Allow it: clusterdrop admin limits set blueprints=${[...blueprints, byDefault].join(',')}${flags}`,
      ),
    );
  if (frozen !== undefined)
    verdicts.push(
      warn(`nothing new starts for anybody: ${frozen}`, `End the freeze: clusterdrop admin thaw${flags}`),
    );
  const own = names.filter((name) => name !== 'default').length;
  const has = own === 1 ? '1 user has limits of their own' : `${own} users have limits of their own`;
  return verdicts.length > 0
    ? verdicts
    : [ok(`can be read; ${own === 0 ? 'the same ones hold for everybody' : has}`)];
}

async function limitNames(admin: ObjectStore): Promise<string[]> {
  const names: string[] = [];
  for await (const { objects } of admin.list('limits/'))
    for (const { key } of objects)
      if (key.endsWith('.json')) names.push(key.slice('limits/'.length, -'.json'.length));
  return names;
}

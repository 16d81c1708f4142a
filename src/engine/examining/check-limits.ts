import { ok, type Verdict, warn } from '../../core/finding.ts';
import { limitsFor } from '../../core/limits.ts';
import { limitsFile } from '../limits-of.ts';
import type { ObjectStore } from '../ports.ts';
import type { EngineSubject } from './engine-subject.ts';
import { toldProblems } from './told-problems.ts';

/** A file of limits that cannot be read refuses every request of those whom it is for. */
export async function checkLimits({ admin, flags }: EngineSubject): Promise<readonly Verdict[]> {
  const names = await limitNames(admin);
  const wrong: Verdict[] = [];
  for (const name of names)
    wrong.push(...(await toldProblems(async () => (await limitsFile(admin, name), []))));
  if (wrong.length > 0) return wrong;
  const { frozen } = limitsFor(await limitsFile(admin, 'default'));
  const own = names.filter((name) => name !== 'default').length;
  const has = own === 1 ? '1 user has limits of their own' : `${own} users have limits of their own`;
  return [
    ok(`can be read; ${own === 0 ? 'the same ones hold for everybody' : has}`),
    ...(frozen === undefined
      ? []
      : [
          warn(`nothing new starts for anybody: ${frozen}`, `End the freeze: clusterdrop admin thaw${flags}`),
        ]),
  ];
}

async function limitNames(admin: ObjectStore): Promise<string[]> {
  const names: string[] = [];
  for await (const { objects } of admin.list('limits/'))
    for (const { key } of objects)
      if (key.endsWith('.json')) names.push(key.slice('limits/'.length, -'.json'.length));
  return names;
}

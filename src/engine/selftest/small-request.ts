import { HOUR } from '../../core/instant.ts';
import type { SettingName } from '../../core/settings.ts';
import type { OfferedBlueprint } from '../blueprints.ts';

/** The test forgets nothing, and should it be forgotten itself, its cluster ends soon. */
export const LIFETIME = HOUR;

const SMALL: Readonly<Partial<Record<SettingName, number>>> = { ComputeInitialNodes: 0, ComputeMaxNodes: 1 };

/** The smallest cluster of a blueprint: a key that it cannot honour would be refused. */
export function smallRequest({ ref, blueprint }: OfferedBlueprint): string {
  const known = new Set(
    Object.values(blueprint.parameters).flatMap((source) => ('from' in source ? [source.from] : [])),
  );
  const small = Object.entries(SMALL).filter(([name]) => known.has(name as SettingName));
  return `${JSON.stringify({ Blueprint: ref.name, Lifetime: '1h', ...Object.fromEntries(small) }, null, 2)}\n`;
}

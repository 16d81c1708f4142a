import { durationOf, durationText } from './duration.ts';
import { fitsGlob, type Limits } from './limits.ts';
import { PRICED, type Price, unknownParts, untilEnd, usdText } from './price.ts';
import { type Place, type Problem, problem } from './problems.ts';
import { decimal } from './setting-text.ts';
import type { SettingName, Settings } from './settings.ts';

/** What the user has besides this cluster. */
export interface Totals {
  /** Other living clusters, reservations and clusters being deleted included. */
  readonly clusters: number;
  /** USD spent this month by all of the user's clusters, and promised by the others until their ends; `null` = a part is not known. */
  readonly usdThisMonth: number | null;
}

export interface LimitsQuestion {
  /** What is known of the request: bad keys are absent. */
  readonly settings: Partial<Settings>;
  /** Absent while a key that it depends on is bad. */
  readonly price?: Price | undefined;
  readonly limits: Limits;
  readonly totals: Totals;
  readonly registeredEmail?: string | undefined;
  /** Whom the user may ask. */
  readonly contact: string;
  readonly named: ReadonlyMap<SettingName, Place>;
  /** The cluster as it runs: what it has already is not judged again, and asking for less is never refused. */
  readonly running?:
    | {
        readonly settings: Settings;
        readonly price: Price;
        /** Milliseconds until its end, if the request does not move it. */
        readonly remaining: number;
      }
    | undefined;
  /** On-demand list price of the compute type, the most that spot without a cap can cost. */
  readonly onDemandPrice: number | null;
}

/** Every limit that the request is over. */
export function overLimits(question: LimitsQuestion): Problem[] {
  const { settings, limits, contact, running, named } = question;
  const problems: Problem[] = [];
  const at = (name: SettingName) => named.get(name);
  const asksNew = (name: SettingName) =>
    settings[name] !== undefined && settings[name] !== running?.settings[name];
  const asksMore = (name: 'ComputeMaxNodes' | 'MasterSystemVolumeSize', most: number) => {
    const asked = settings[name] ?? 0;
    return asked > most && asked > (running?.settings[name] ?? 0);
  };
  const { ComputeMaxNodes: nodes = 0, MasterSystemVolumeSize: disk = 0, NotifyEmail: mail = '' } = settings;

  if (!running) problems.push(...mayStart(question));
  if (asksNew('Blueprint') && !fitsGlob(settings.Blueprint ?? '', limits.blueprints))
    problems.push(
      problem(
        'limit-blueprint',
        { blueprint: settings.Blueprint ?? '', allowed: limits.blueprints, contact },
        at('Blueprint'),
      ),
    );
  if (asksMore('ComputeMaxNodes', limits.nodes))
    problems.push(
      problem('limit-nodes', { most: limits.nodes, asked: nodes, contact }, at('ComputeMaxNodes')),
    );
  for (const key of ['ComputeInstanceType', 'MasterInstanceType'] as const) {
    const type = settings[key] ?? '';
    if (asksNew(key) && !fitsGlob(type, limits.instanceTypes))
      problems.push(
        problem('limit-instance-type', { key, type, allowed: limits.instanceTypes, contact }, at(key)),
      );
  }
  if (asksMore('MasterSystemVolumeSize', limits.diskGb))
    problems.push(
      problem('limit-disk', { most: limits.diskGb, asked: disk, contact }, at('MasterSystemVolumeSize')),
    );
  if (asksNew('ComputeSpotPrice')) problems.push(...spotProblems(question));
  const longest = durationOf(limits.longestLifetime) ?? 0;
  // A drop that names Lifetime begins it anew, so it is judged even when the value is the old one.
  if ((settings.Lifetime ?? 0) > longest && livesLonger(settings, running, named))
    problems.push(
      problem(
        'limit-lifetime',
        { most: limits.longestLifetime, asked: durationText(settings.Lifetime ?? 0), contact },
        at('Lifetime'),
      ),
    );
  if (asksNew('NotifyEmail') && !mailAllowed(mail, question))
    problems.push(
      problem('limit-mail', { address: mail, domains: limits.mailDomains, contact }, at('NotifyEmail')),
    );
  return [...problems, ...moneyProblems(question)];
}

function mayStart({ limits, totals, contact }: LimitsQuestion): Problem[] {
  const problems: Problem[] = [];
  if (limits.frozen) problems.push(problem('frozen', { reason: limits.frozen, contact }));
  if (totals.clusters >= limits.clusters)
    problems.push(problem('limit-clusters', { most: limits.clusters, has: totals.clusters, contact }));
  return problems;
}

function spotProblems({
  settings,
  limits,
  contact,
  named,
  running,
  onDemandPrice,
}: LimitsQuestion): Problem[] {
  const price = settings.ComputeSpotPrice;
  const place = named.get('ComputeSpotPrice');
  if (price === 'on-demand') return limits.onDemand ? [] : [problem('limit-on-demand', { contact }, place)];
  const most = limits.spotPrice;
  if (most === null || price === undefined) return [];
  if (price === 'spot') {
    // Without a cap a spot node costs at most its on-demand price, which those who may have on-demand nodes may spend anyway.
    if (limits.onDemand || (onDemandPrice !== null && onDemandPrice <= most)) return [];
    return [problem('limit-spot-price', { most, asked: '"spot", with no highest price', contact }, place)];
  }
  const before = running?.settings.ComputeSpotPrice;
  if (price <= most || (typeof before === 'number' && price <= before)) return [];
  return [problem('limit-spot-price', { most, asked: decimal(price), contact }, place)];
}

function mailAllowed(address: string, { limits, registeredEmail }: LimitsQuestion): boolean {
  const lower = address.toLowerCase();
  if (lower === 'registered' || lower === registeredEmail?.toLowerCase()) return true;
  const domain = lower.slice(lower.lastIndexOf('@') + 1);
  return limits.mailDomains.some((one) => one.toLowerCase().replace(/^@/, '') === domain);
}

function moneyProblems({
  settings,
  price,
  limits,
  totals,
  contact,
  running,
  named,
}: LimitsQuestion): Problem[] {
  if (!price || settings.Lifetime === undefined) return [];
  const before = running?.price.usdPerHour ?? null;
  const dearer =
    asksForMore(settings, running?.settings) &&
    (price.usdPerHour === null || before === null || price.usdPerHour > before);
  const longer = livesLonger(settings, running, named);
  const problems: Problem[] = [];
  const { usdPerHour: perHour, usdPerMonth: perMonth } = limits;
  if (price.usdPerHour === null) {
    if (!(dearer || longer) || (perHour === null && perMonth === null)) return [];
    const limit = perHour !== null ? `${perHour} USD per hour` : `${perMonth} USD per month`;
    return [problem('price-unknown', { what: unknownParts(price).join(' and '), limit, contact })];
  }
  if (perHour !== null && dearer && price.usdPerHour > perHour)
    problems.push(
      problem('limit-usd-per-hour', { most: perHour, asked: usdText(price.usdPerHour), contact }),
    );
  if (perMonth === null || !(dearer || longer)) return problems;
  const cost = untilEnd(price, longer ? settings.Lifetime : (running?.remaining ?? settings.Lifetime)) ?? 0;
  if (totals.usdThisMonth === null) {
    const what = 'another of your clusters';
    problems.push(problem('price-unknown', { what, limit: `${perMonth} USD per month`, contact }));
  } else if (totals.usdThisMonth + cost > perMonth) {
    const params = { most: perMonth, asked: usdText(cost), before: usdText(totals.usdThisMonth), contact };
    problems.push(problem('limit-usd-per-month', params));
  }
  return problems;
}

/** A drop that names Lifetime counts it anew, so it may end the cluster earlier or later than now. */
function livesLonger(
  { Lifetime = 0 }: Partial<Settings>,
  running: LimitsQuestion['running'],
  named: LimitsQuestion['named'],
): boolean {
  return !running || (named.has('Lifetime') && Lifetime > running.remaining);
}

/** Whether it could cost more than what runs; fewer nodes and a smaller disk never do. */
function asksForMore(settings: Partial<Settings>, running: Settings | undefined): boolean {
  if (!running) return true;
  return PRICED.some((name) => {
    const [asked, has] = [settings[name], running[name]];
    const counted = name === 'ComputeMaxNodes' || name === 'MasterSystemVolumeSize';
    return counted ? Number(asked) > Number(has) : asked !== has;
  });
}

import { readClusterReport } from '../../core/cluster-report.ts';
import type { Cluster } from '../../core/identity.ts';
import { instantOf, isoOf, MINUTE } from '../../core/instant.ts';
import { isPlain } from '../../core/report/plain-json.ts';
import { textOf } from '../../engine/json-object.ts';
import type { Hosting } from './hosting.ts';
import type { FilesKept } from './saved-marks.ts';

type Json = Readonly<Record<string, unknown>>;

/** Of what a login host tells, this is handed on; the engine reads it as what it is: hostile. */
const TOLD = ['nodes', 'jobs', 'sessions', 'disk'] as const;
/** As the engine sees it: a report that is older says nothing about now. */
const FRESH = 15 * MINUTE;
const MOST_NOTICES = 20;
const MOST_TEXT = 300;
const MOST_BYTES = 64 * 1024;
/** What is nested deeper could not even be written again. */
const DEEPEST = 4;

/**
 * The report of one cluster in the administrator's bucket: what its login host tells, and what only this machine knows (files, hosts
 * that do not come).
 */
export class ClusterReports {
  readonly #hosting: Hosting;
  readonly #key: string;
  readonly #cluster: Cluster;
  #told: Json = {};
  /** When the login host told it, by our own clock: that of an engine in a virtual machine may go wrong. */
  #heard: number | undefined;
  #files: Omit<FilesKept, 'marks'> | undefined;
  #written = '';
  #fresh = false;
  #silent = false;

  constructor(hosting: Hosting, identity: string, cluster: Cluster) {
    this.#hosting = hosting;
    this.#key = `reports/${identity}.json`;
    this.#cluster = cluster;
  }

  /** Begins where an earlier process stopped: a cluster that was silent then is still so. */
  async goOn(): Promise<void> {
    const object = await this.#hosting.admin.get(this.#key, MOST_BYTES).catch(() => undefined);
    this.#heard ??= object && readClusterReport(textOf(object.body))?.at;
  }

  /** A report of the login host has come. */
  hear(json: string): void {
    try {
      const told: unknown = JSON.parse(json);
      if (!isPlain(told, DEEPEST)) return;
      this.#told = Object(told);
      this.#heard = this.#hosting.clock.now();
      this.#fresh = true;
    } catch {
      // The last one stands.
    }
  }

  /** The login host has said nothing for so long that what it said last is not the present: told once. */
  isSilent(): boolean {
    const isSilent = this.#heard !== undefined && this.#hosting.clock.now() - this.#heard > FRESH;
    const isNews = isSilent && !this.#silent;
    this.#silent = isSilent;
    return isNews;
  }

  filesSaved({ savedAt, count, bytes, trouble }: Omit<FilesKept, 'marks'>): void {
    this.#files = {
      count,
      bytes,
      ...(savedAt !== undefined && { savedAt }),
      ...(trouble !== undefined && { trouble }),
    };
    this.#fresh = true;
  }

  filesTrouble(trouble: string): void {
    const { trouble: _, ...rest } = this.#files ?? { count: 0, bytes: 0 };
    this.#files = { ...rest, trouble: trouble.slice(0, MOST_TEXT) };
    this.#fresh = true;
  }

  /** Writes the report if there is anything new in it, with `notices` of this machine's beside the login host's own. */
  async publish(notices: readonly string[]): Promise<void> {
    const { admin, clock, changed } = this.#hosting;
    const now = clock.now();
    const told = Array.isArray(this.#told['notices']) ? this.#told['notices'] : [];
    const short = (texts: readonly string[]) =>
      texts.slice(0, MOST_NOTICES).map((text) => text.slice(0, MOST_TEXT));
    const body = {
      ...Object.fromEntries(TOLD.flatMap((part) => (part in this.#told ? [[part, this.#told[part]]] : []))),
      notices: short(told.filter((one) => typeof one === 'string')),
      standing: short(notices),
      ...(this.#files && { files: this.#files }),
    };
    const text = JSON.stringify(body);
    if (!this.#fresh && text === this.#written) return;
    const at = this.#heard ?? now;
    const lastUse = this.#lastUse(at);
    const report = {
      version: 1,
      at: isoOf(at),
      ...(lastUse !== undefined && { lastUse: isoOf(lastUse) }),
      ...body,
    };
    await admin.put(this.#key, `${JSON.stringify(report)}\n`);
    this.#written = text;
    this.#fresh = false;
    changed(this.#cluster);
  }

  /** An earlier life of the cluster says nothing about this one. */
  async forget(): Promise<void> {
    this.#heard = undefined;
    const old = await this.#hosting.admin.get(this.#key, 1);
    if (old) await this.#hosting.admin.remove(this.#key, old.version);
  }

  #lastUse(now: number): number | undefined {
    const { at, lastUse } = this.#told;
    const told = typeof at === 'string' ? instantOf(at) : undefined;
    const used = typeof lastUse === 'string' ? instantOf(lastUse) : undefined;
    return told === undefined || used === undefined || used > told ? undefined : now - (told - used);
  }
}

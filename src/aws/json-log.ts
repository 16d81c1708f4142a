import type { Decision } from '../core/decision.ts';
import type { Cluster } from '../core/identity.ts';
import { isoOf } from '../core/instant.ts';
import type { Problem } from '../core/problems.ts';
import type { Clock } from '../engine/ports.ts';
import type { Log } from '../engine/world.ts';

const NAMESPACE = 'Clusterdrop';

/**
 * One line of JSON for each turn of events: a cluster's story is found by its `cluster`, and `why` is the very sentence that
 * its owner reads. Metrics go out as log lines too (CloudWatch's embedded metric format), which costs no call.
 */
export class JsonLog implements Log {
  readonly #write: (line: string) => void;
  readonly #clock: Clock;
  readonly #installation: string;
  #counts: Record<'Turns' | 'Answers' | 'Troubles', number> = { Turns: 0, Answers: 0, Troubles: 0 };

  constructor(write: (line: string) => void, clock: Clock, installation: string) {
    this.#write = write;
    this.#clock = clock;
    this.#installation = installation;
  }

  turn({ bucket, path, user }: Cluster, { step, why, again }: Decision): void {
    if (step.kind !== 'rest') this.#counts.Turns++;
    this.#line({
      level: 'info',
      cluster: `${bucket}/${path}`,
      user,
      step: step.kind,
      why,
      ...(again !== undefined && { again: isoOf(again) }),
    });
  }

  answered(file: string, { code, message }: Problem): void {
    this.#counts.Answers++;
    this.#line({ level: 'info', file, step: 'answered', code, why: message });
  }

  trouble(about: string, { code, owner, message, fix }: Problem): void {
    this.#counts.Troubles++;
    this.#line({ level: owner === 'bug' ? 'error' : 'warn', about, code, owner, why: message, fix });
  }

  /** Tells the numbers since the last time, and how long the work took. @param milliseconds of this invocation */
  metrics(milliseconds: number, nudges: number): void {
    const numbers = { ...this.#counts, Nudges: nudges, Duration: milliseconds };
    this.#counts = { Turns: 0, Answers: 0, Troubles: 0 };
    const units = Object.keys(numbers).map((name) => ({
      Name: name,
      Unit: name === 'Duration' ? 'Milliseconds' : 'Count',
    }));
    this.#write(
      JSON.stringify({
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
        _aws: {
          Timestamp: this.#clock.now(),
          CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [['Installation']], Metrics: units }],
        },
        Installation: this.#installation,
        ...numbers,
      }),
    );
  }

  #line(what: Readonly<Record<string, unknown>>): void {
    this.#write(JSON.stringify({ at: isoOf(this.#clock.now()), ...what }));
  }
}

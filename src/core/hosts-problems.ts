import { define } from './problem-definition.ts';

/** For somebody of whose container engine nothing is seen. */
export const START_ENGINE =
  'Start Docker or Podman, or install it first (Debian: "sudo apt-get install docker.io"). Make sure that you may use it ("docker ps" works), or name its socket with DOCKER_HOST.';

/** What can be wrong with hosts in containers on one machine: a part of the one table in `problems.ts`, in the same style. */
export const HOSTS_PROBLEMS = {
  'no-engine': define<{ tried: string; clusters: number; hint?: string }>({
    owner: 'operator',
    says: ({ tried, clusters }) =>
      clusters > 0
        ? `${clusters === 1 ? 'a cluster of this folder lives' : `${clusters} clusters of this folder live`} in containers, and no container engine answers (${tried})`
        : `no container engine answers (${tried})`,
    fix: ({ clusters, hint = START_ENGINE }) =>
      clusters > 0
        ? `${hint} The clusters go on where they were.`
        : `${hint} With --hosts simulated nothing of it is needed.`,
  }),
  'engine-away': define<{ clusters: number; engine: string; tried: string; hint?: string; file: string }>({
    owner: 'operator',
    says: ({ clusters, engine, tried }) =>
      `${clusters === 1 ? 'a cluster of this folder lives' : `${clusters} clusters of this folder live`} in ${engine}, and that engine does not answer (${tried})`,
    fix: ({ hint = 'Start it.', file }) =>
      `${hint} The clusters go on where they were. Only if what that engine kept is lost for good: remove ${file}. Then they are made anew in the engine that answers, with what was saved of ~/files.`,
  }),
  'blueprint-needs-aws': define<{ blueprint: string; other: string }>({
    owner: 'author',
    says: ({ blueprint }) =>
      `the blueprint "${blueprint}" runs on AWS only, and clusters are containers here`,
    fix: ({ blueprint, other }) =>
      blueprint === other
        ? 'Name another blueprint.'
        : `Leave the key out for the default one, "${other}"; or run the machine's installation with --hosts simulated to try this one.`,
  }),
  'other-hosts': define<{ wanted: string; clusters: number; living: string }>({
    owner: 'operator',
    says: ({ wanted, clusters, living }) =>
      `hosts cannot become ${wanted} now: ${clusters === 1 ? 'one cluster of this folder is' : `${clusters} clusters of this folder are`} ${living}`,
    fix: ({ living }) => `Run it with --hosts ${living} and end them first, or use another folder (--dir).`,
  }),
  'hosts-in-trouble': define<{ message: string }>({
    owner: 'operator',
    says: ({ message }) => message,
    fix: 'Mend what it names; it is tried again and again until then. Where it is about containers, "docker ps --all" and "docker events" may tell more.',
  }),
  'still-running': define<{ process: string }>({
    owner: 'operator',
    says: ({ process }) => `process ${process} looks after the clusters of this folder`,
    fix: 'Stop it first (Ctrl-C where it runs).',
  }),
};

import { spawnSync } from 'node:child_process';

const PROGRAMS: Readonly<Record<string, string>> = {
  dockerd: 'docker.io',
  docker: 'docker.io',
  podman: 'podman netavark aardvark-dns',
  runc: 'runc',
  mmdebstrap: 'mmdebstrap',
  ip: 'iproute2',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  nsenter: 'util-linux',
  unshare: 'util-linux',
  setpriv: 'util-linux',
};

/** What this machine lacks for clusters in containers, in one line that says how to get it. `undefined`: nothing. */
export function missing(): string | undefined {
  if (process.platform !== 'linux') return 'Linux is needed';
  if (process.getuid?.() !== 0) return 'run it as root: a network namespace is made';
  const packages = new Set(
    Object.entries(PROGRAMS)
      .filter(([program]) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)
      .map(([, name]) => name),
  );
  if (packages.size === 0) return undefined;
  return `apt-get install --no-install-recommends ${[...packages].join(' ')}`;
}

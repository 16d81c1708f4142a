import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname } from 'node:path';
import { LABEL } from '../../src/local/containers/labels.ts';
import { partsOf } from '../../src/local/stack-id.ts';

/** What answers at `socket` as Docker does, or Podman, as far as finding an engine goes, and has one host and volume of each of `stacks`. @returns its end */
export async function engineThat(
  socket: string,
  { id = 'ID', podman = false, stacks = [] as readonly string[] } = {},
): Promise<() => Promise<void>> {
  let answers = 0;
  const answerOf = (path: string): unknown => {
    if (path.endsWith('/version'))
      return { Version: '29.1.0+dfsg', Components: [{ Name: podman ? 'Podman Engine' : 'Engine' }] };
    // Podman has another one each time.
    if (path.endsWith('/info'))
      return { ID: podman ? `${id}-${answers++}` : id, DockerRootDir: `/var/lib/${id}` };
    const labelled = stacks.map((stack) => ({ name: partsOf(stack).name, Labels: { [LABEL.stack]: stack } }));
    if (path.endsWith('/volumes'))
      return { Volumes: labelled.map(({ name, Labels }) => ({ Name: `${name}-home`, Labels })) };
    if (path.endsWith('/containers/json'))
      return labelled.map(({ name, Labels }) => ({
        Names: [`/${name}-login`],
        Labels,
        State: 'running',
        Ports: [],
      }));
    return 'OK';
  };
  mkdirSync(dirname(socket), { recursive: true });
  const server = createServer(({ url = '' }, response) =>
    response.end(JSON.stringify(answerOf(url.replace(/\?.*/, '')))),
  );
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return () => new Promise((resolve) => server.close(() => resolve()));
}

import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FolderGate {
  /** To be used in place of the emulator's. */
  readonly endpoint: string;
  /** What was refused: method and path, the query with it. */
  readonly refused: string[];
  stop(): Promise<void>;
}

/**
 * A way to an emulator's S3 with the rights of one researcher and no others, for the emulator itself knows no policies with conditions:
 * ListBucket and ListBucketVersions with a prefix below `home/<user>/`, GetObject, PutObject, DeleteObject there. Everything else is
 * refused as S3 refuses it, and so is every method in `without`. STS, which asks for no rights, is let through.
 */
export async function openFolderGate(
  endpoint: string,
  bucket: string,
  user: string,
  without: readonly string[] = [],
): Promise<FolderGate> {
  const home = `home/${user}/`;
  const refused: string[] = [];
  const server = createServer((from, to) => {
    const url = new URL(from.url ?? '/', endpoint);
    const isSts = url.pathname === '/';
    const method = from.method ?? 'GET';
    if (!isSts && (without.includes(method) || !isAllowed(method, url, bucket, home))) {
      refused.push(`${from.method} ${url.pathname}${url.search}`);
      from.resume();
      to.writeHead(403, { 'content-type': 'application/xml', 'x-amz-bucket-region': 'eu-west-2' });
      to.end(
        from.method === 'HEAD'
          ? undefined
          : '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
      );
      return;
    }
    const onward = forward(
      url,
      { method: from.method, headers: { ...from.headers, host: url.host } },
      (answer) => {
        to.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(to);
      },
    );
    onward.on('error', () => to.destroy());
    from.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function isAllowed(method: string, url: URL, bucket: string, home: string): boolean {
  const [, name, ...rest] = url.pathname.split('/');
  const key = decodeURIComponent(rest.join('/'));
  const asked = url.searchParams;
  if (name !== bucket) return false;
  if (key === '')
    return (
      method === 'GET' &&
      (asked.has('list-type') || asked.has('versions')) &&
      (asked.get('prefix') ?? '').startsWith(home)
    );
  // A named version, tags or an ACL would be rights of their own.
  const isPlain = !['versionId', 'tagging', 'acl', 'attributes', 'retention'].some((one) => asked.has(one));
  return isPlain && key.startsWith(home) && ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'].includes(method);
}

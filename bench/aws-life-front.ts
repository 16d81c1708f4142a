import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type RecordedCall, recordedCall } from '../test/end-to-end/recorded-call.ts';

/** What went over the wire while something was done. */
export interface Traffic {
  readonly calls: readonly RecordedCall[];
  /** Bodies of the answers. */
  readonly bytes: number;
}

export interface AwsFront {
  readonly endpoint: string;
  /** Runs `work` and tells what was called meanwhile, repeats of the SDK's own among it. One at a time. */
  count(work: () => Promise<void>): Promise<Traffic>;
  close(): Promise<void>;
}

/** One address for a whole account, as AWS has: CloudFormation's calls go to the one, all others to the other, and each is counted. */
export async function startAwsFront(cloudFormation: string, others: string): Promise<AwsFront> {
  const agent = new Agent({ keepAlive: true });
  let calls: RecordedCall[] = [];
  let bytes = 0;
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method = '', url = '', headers } = incoming;
    const body = await buffer(incoming);
    const call = recordedCall(method, url, headers, body);
    calls.push(call);
    const { hostname, port } = new URL(call.service === 'cloudformation' ? cloudFormation : others);
    const forwarded = request({ hostname, port, path: url, method, headers, agent }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
      });
      answer.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    forwarded.end(body);
  };
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    count: async (work) => {
      [calls, bytes] = [[], 0];
      await work();
      return { calls, bytes };
    },
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RecordedCall, recordedCall } from './recorded-call.ts';

/** What becomes of one call on its way. */
export type Fate =
  | 'pass'
  /** The service says that it is busy, and has done nothing. */
  | 'slow-down'
  /** The service fails, and has done nothing. */
  | 'error'
  /** The service does it, and nobody hears of it: the answer is lost on the way. */
  | 'lost-answer';

export interface Proxy {
  readonly endpoint: string;
  /** Every call so far. */
  readonly calls: RecordedCall[];
  /** Lets in whom IAM would let in; without one, everybody may do everything, as on the emulator itself. */
  setGate(isAllowed: (call: RecordedCall) => Promise<boolean>): void;
  /** Decides about each call; may do anything else meanwhile, such as to kill a process. */
  setFate(decide: (call: RecordedCall) => Fate): void;
  close(): Promise<void>;
}

/** Stands between the programs under test and the emulator: writes down every call, and lets some fail. */
export async function startProxy(upstream: string): Promise<Proxy> {
  const calls: RecordedCall[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  let decide: (call: RecordedCall) => Fate = () => 'pass';
  let isAllowed: (call: RecordedCall) => Promise<boolean> = async () => true;

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const call = recordedCall(incoming.method ?? '', incoming.url ?? '', incoming.headers, body);
    // Whoever decides has seen the calls before this one.
    const fate = (await isAllowed(call)) ? decide(call) : 'denied';
    calls.push(call);
    if (fate === 'slow-down' || fate === 'error' || fate === 'denied') {
      refuse(outgoing, call, fate);
      return;
    }
    const target = new URL(incoming.url ?? '/', upstream);
    const forwarded = request(
      {
        host: target.hostname,
        port: target.port,
        path: incoming.url,
        method: incoming.method,
        headers: withoutExpect(incoming.headers),
        agent,
      },
      (answer) => {
        if (fate === 'lost-answer') {
          answer.resume().on('end', () => incoming.socket.destroy());
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(outgoing);
      },
    );
    forwarded.on('error', () => outgoing.destroy());
    forwarded.end(body);
  };

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    setGate: (next) => {
      isAllowed = next;
    },
    setFate: (next) => {
      decide = next;
    },
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const REFUSALS = {
  'slow-down': { status: 400, code: 'ThrottlingException', message: 'Rate exceeded' },
  error: {
    status: 500,
    code: 'InternalError',
    message: 'We encountered an internal error. Please try again.',
  },
  denied: { status: 403, code: 'AccessDenied', message: 'Access Denied' },
} as const;

/** Errors in the form in which each service sends them. */
function refuse(outgoing: ServerResponse, { service }: RecordedCall, fate: keyof typeof REFUSALS): void {
  const { status, message, code: usual } = REFUSALS[fate];
  if (service === 's3') {
    const code = fate === 'slow-down' ? 'SlowDown' : usual;
    outgoing.writeHead(fate === 'slow-down' ? 503 : status, { 'content-type': 'application/xml' });
    outgoing.end(
      `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
    );
  } else if (service === 'sqs' || service === 'ses') {
    const code = fate === 'denied' ? 'AccessDeniedException' : usual;
    outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': code });
    outgoing.end(JSON.stringify({ __type: code, message }));
  } else {
    const code = fate === 'slow-down' ? 'Throttling' : usual;
    outgoing.writeHead(status, { 'content-type': 'text/xml' });
    outgoing.end(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
    );
  }
}

/** The AWS CLI asks before it sends a body; here the whole body has come already. */
function withoutExpect({ expect: _expect, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  return headers;
}

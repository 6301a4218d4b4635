import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Status, headers, and the body in pieces. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly pieces: readonly string[];
  readonly hangs?: boolean;
  /** The last piece again and again, until nobody reads any more. */
  readonly endless?: boolean;
}

export interface ProtocolServer {
  readonly url: string;
  readonly received: ReceivedRequest[];
  readonly port: number;
  /** Connections that were opened so far, with or without a request. */
  readonly connections: () => number;
  /** Those that are open now. */
  readonly open: () => number;
  /** Connections that ended before the answer did. */
  readonly broken: () => number;
  /** What is answered from now on: always the same, or by what was sent. */
  answer: Answer | ((body: string) => Answer);
  readonly close: () => Promise<void>;
}

/** A provider that keeps every byte it is sent and answers what it is told to. */
export async function openProtocolServer(): Promise<ProtocolServer> {
  let broken = 0;
  let connections = 0;
  let open = 0;
  const received: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      received.push({ line: `${request.method ?? ''} ${request.url ?? ''}`, headers: request.headers, body });
      const {
        status = 200,
        headers = {},
        pieces,
        hangs = false,
        endless = false,
      } = typeof made.answer === 'function' ? made.answer(body) : made.answer;
      response.writeHead(status, headers).flushHeaders();
      response.once('close', () => {
        if (!response.writableFinished) broken += 1;
      });
      for (const piece of pieces) response.write(piece);
      if (endless) repeat(response, pieces.at(-1) ?? '');
      if (!hangs) response.end();
    });
  });
  server.on('connection', (socket) => {
    connections += 1;
    open += 1;
    socket.once('close', () => (open -= 1));
  });
  // Whoever asks decides how long a connection is kept.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const made: ProtocolServer = {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    connections: () => connections,
    open: () => open,
    broken: () => broken,
    answer: { pieces: [] },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return made;
}

function repeat(response: ServerResponse, piece: string): void {
  while (!response.destroyed && response.write(piece));
  response.once('drain', () => {
    repeat(response, piece);
  });
}

/** Events as OpenAI streams them. */
export const openAiStream = (...deltas: readonly object[]): string[] => [
  ...deltas.map((delta) => `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`),
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`,
  `data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 3 } })}\n\n`,
  'data: [DONE]\n\n',
]; // prettier-ignore

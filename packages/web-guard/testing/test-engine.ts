import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An API behind a real socket, which remembers what reached it. */
export interface TestEngine {
  readonly url: string;
  readonly port: number;
  readonly seen: {
    method: string;
    url: string;
    headers: IncomingHttpHeaders;
    bytes: number;
    sha256: string;
  }[];
  /** Answers instead of the default, which is 200 and a JSON body. */
  answer: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  close(): Promise<void>;
}

export async function startTestEngine(port = 0): Promise<TestEngine> {
  const seen: TestEngine['seen'] = [];
  const server = createServer((request, response) => {
    const hash = createHash('sha256');
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      hash.update(chunk);
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      seen.push({ method, url, headers, bytes, sha256: hash.digest('hex') });
      if (engine.answer) {
        engine.answer(request, response);
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': 'engine=1', etag: '"7"' });
      response.end(JSON.stringify({ ok: true }));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const actual = (server.address() as AddressInfo).port;
  const engine: TestEngine = {
    url: `http://127.0.0.1:${actual}`,
    port: actual,
    seen,
    answer: undefined,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
  return engine;
}

import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { Credential } from '../../packages/stores/index.ts';

export interface FailingProvider {
  readonly url: string;
  /** Requests that came through whole. */
  readonly received: () => number;
  readonly close: () => Promise<void>;
}

/** A real server that does to each request what it is told; with a credential it speaks TLS. */
export async function openFailingProvider(
  answer: RequestListener,
  secure?: Credential,
): Promise<FailingProvider> {
  let received = 0;
  const listener: RequestListener = (request, response) => {
    request.resume().on('end', () => {
      received += 1;
      answer(request, response);
    });
  };
  const server =
    secure === undefined ? createServer(listener) : createSecureServer({ cert: secure.certificate, key: secure.key }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${secure === undefined ? 'http' : 'https'}://127.0.0.1:${portOf(server)}`,
    received: () => received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
} // prettier-ignore

export const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** A port at which nobody listens. */
export async function findClosedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { Credential } from '../../packages/stores/certificates.ts';

export interface FailingProvider {
  readonly url: string;
  /** Requests that came through whole. */
  readonly received: () => number;
  readonly close: () => Promise<void>;
}

/** What is done with a request, once it was read whole. */
export type AnswerRequest = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A real server that does to each request what it is told; with a credential it speaks TLS. */
export async function openFailingProvider(
  answer: AnswerRequest,
  secure?: Credential,
): Promise<FailingProvider> {
  let received = 0;
  const listener: RequestListener = (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      received += 1;
      answer(request, response, body);
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

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

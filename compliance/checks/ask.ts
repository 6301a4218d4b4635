import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { isIP } from 'node:net';
import { seen, unknown, type Answer, type Evidence } from '@cordon/control-gate';
import type { Asked, Running } from '../asked.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly evidence: Evidence;
}

const mostBytes = 2_000_000;
const startCommand = 'npm start';

/** One request, without following anything; the `Host` header may be another than the address. */
export async function ask(
  origin: string,
  path: string,
  signal: AbortSignal,
  options: {
    readonly method?: string;
    readonly headers?: Record<string, string>;
    readonly body?: string;
  } = {},
): Promise<HttpAnswer> {
  const { method = 'GET', headers = {}, body } = options;
  const url = new URL(origin);
  const send = url.protocol === 'https:' ? requestTls : request;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    // The path as it is: `new URL` would tidy away what an attacker sends.
    const sent = send(
      {
        host,
        // The certificate is of the address that is asked, whatever the Host header says; an IP address is no name (RFC 6066, 3).
        servername: isIP(host) === 0 ? host : '',
        port: url.port,
        path,
        method,
        headers,
        signal,
        timeout: 10_000,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > mostBytes) response.destroy(new Error('The answer is too long.'));
        });
        const settle = (): void => {
          const flat = Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [
              name,
              Array.isArray(value) ? value.join('\n') : (value ?? ''),
            ]),
          );
          const status = response.statusCode ?? 0;
          const evidence = seen(`${method} ${path.slice(0, 200)}`, origin, `status ${status}`);
          resolve({ status, headers: flat, body: text, evidence });
        };
        response.on('error', reject);
        response.on('end', settle);
        // A live stream never ends; that it began is the answer.
        if ((response.headers['content-type'] ?? '').includes('text/event-stream')) {
          settle();
          response.destroy();
        }
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('No answer within 10 s.')));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Every server that answers to people or programs. */
export const originsOf = ({ console: staff, portal, engine, identity, web }: Running): string[] => [
  staff,
  portal,
  engine,
  identity,
  web,
];

/** Runs a check against what runs; where nothing does, nothing is known. */
export const whereRunning =
  (check: (running: Running, asked: Asked, signal: AbortSignal) => Promise<Answer>) =>
  async (asked: Asked, signal: AbortSignal): Promise<Answer> => {
    const running = await asked.running();
    return running === undefined
      ? unknown('Nothing runs here to be asked.', [], startCommand)
      : check(running, asked, signal);
  };

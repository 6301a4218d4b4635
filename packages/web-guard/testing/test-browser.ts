import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  json(): Record<string, unknown>;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer | Readable;
  /** Sends the request there instead of to the address's own host and port. */
  readonly via?: number;
}

/** Node announces no length for the body of a DELETE by itself. */
function lengthOf(body: Ask['body']): OutgoingHttpHeaders {
  return typeof body === 'string' || Buffer.isBuffer(body)
    ? { 'content-length': Buffer.byteLength(body) }
    : {};
}

/** One request over a socket of its own, with exactly these headers. */
export function ask(url: string, options: Ask = {}): Promise<Answer> {
  const { host, port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const call = httpRequest(
      {
        host: '127.0.0.1',
        port: options.via ?? port,
        path: pathname + search,
        method: options.method ?? 'GET',
        headers: { host, ...lengthOf(options.body), ...options.headers },
        agent: false,
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const body = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body,
            json: () => JSON.parse(body) as Record<string, unknown>,
          });
        });
      },
    );
    call.on('error', reject);
    if (options.body === undefined || typeof options.body === 'string' || Buffer.isBuffer(options.body))
      call.end(options.body);
    else options.body.on('error', reject).pipe(call);
  });
}

export const ownPage = { 'sec-fetch-site': 'same-origin', 'x-cordon-request': '1' };

/** Keeps cookies as browsers do on one host: whatever the port. */
export class TestBrowser {
  readonly cookies = new Map<string, string>();

  async ask(url: string, options: Ask = {}): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await ask(url, {
      ...options,
      headers: { ...(cookie ? { cookie } : {}), ...options.headers },
    });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [pair = ''] = line.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(pair.indexOf('=') + 1);
      if (value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  /** Follows redirects, over all origins, until an answer is none or `until` says so. */
  async navigate(url: string, until: (next: string) => boolean = () => false): Promise<Answer & { url: string }> {
    let current = url;
    for (let step = 0; step < 15; step++) {
      const answer = await this.ask(current, { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } });
      const { location } = answer.headers;
      if (location === undefined || answer.status < 300 || answer.status > 399) return { ...answer, url: current };
      const next = new URL(location, current).href;
      if (until(next)) return { ...answer, url: next };
      current = next;
    }
    throw new Error('too many redirects');
  } // prettier-ignore

  /** As the script of a page does. */
  call(url: string, options: Ask = {}): Promise<Answer> {
    return this.ask(url, { ...options, headers: { ...ownPage, ...options.headers } });
  }
}

import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true });

/** As little of `fetch` as browsers and applications of the bench need: theirs is not the work that is measured. */
export function leanFetch(url: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  if (url instanceof Request) return Promise.reject(new Error('a request is given by its address here'));
  const headers = Object.fromEntries(new Headers(init.headers));
  const given = init.body;
  const body = given instanceof URLSearchParams || typeof given === 'string' ? given.toString() : '';
  if (given instanceof URLSearchParams) headers['content-type'] ??= 'application/x-www-form-urlencoded';
  headers['content-length'] = String(Buffer.byteLength(body));
  return new Promise((resolve, reject) => {
    const call = request(url, { agent, method: init.method ?? 'GET', headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const received = new Headers();
        for (const [name, values] of Object.entries(response.headersDistinct))
          for (const value of values ?? []) received.append(name, value);
        const text = Buffer.concat(parts);
        resolve(new Response(text.length === 0 ? null : text, { status: response.statusCode ?? 0, headers: received }));
      });
    });
    call.on('error', (error) => {
      // As browsers do where the server has closed a connection that was kept.
      if (call.reusedSocket && 'code' in error && error.code === 'ECONNRESET') resolve(leanFetch(url, init));
      else reject(error);
    });
    call.end(body);
  });
} // prettier-ignore

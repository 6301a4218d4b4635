/** A browser without a page: keeps cookies by path, follows nothing by itself, shows fetch metadata as told. */
export class Browser {
  readonly #cookies = new Map<string, { name: string; value: string; path: string }>();
  readonly #origin: string;
  readonly #fetch: typeof fetch;

  constructor(origin: string, send: typeof fetch = fetch) {
    this.#origin = origin;
    this.#fetch = send;
  }

  cookieNames(): string[] {
    return [...this.#cookies.values()].map(({ name }) => name);
  }

  async #send(
    url: string,
    init: Omit<RequestInit, 'headers'>,
    headers: Record<string, string>,
  ): Promise<Response> {
    const target = new URL(url, this.#origin);
    const sent = new Headers(headers);
    const cookies = [...this.#cookies.values()].filter(({ path }) => target.pathname.startsWith(path));
    if (cookies.length > 0)
      sent.set('cookie', cookies.map(({ name, value }) => `${name}=${value}`).join('; '));
    const response = await this.#fetch(target, { ...init, redirect: 'manual', headers: sent });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    const value = pair.slice(at + 1);
    const path = attributes.find((each) => each.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
    const expires = attributes.find((each) => each.toLowerCase().startsWith('expires='))?.slice(8);
    const key = `${name} ${path}`;
    if (value === '' || (expires && Date.parse(expires) < Date.now())) this.#cookies.delete(key);
    else this.#cookies.set(key, { name, value, path });
  }

  /** Opens an address as a person does who typed it: Node's fetch lets nobody claim to navigate. */
  open(url: string): Promise<Response> {
    return this.#send(url, {}, { accept: 'text/html', 'sec-fetch-site': 'none' });
  }

  /** Sends a form of a page of the provider. */
  submit(url: string, fields: Record<string, string>): Promise<Response> {
    const headers = { accept: 'text/html', 'sec-fetch-site': 'same-origin', origin: this.#origin };
    return this.#send(url, { method: 'POST', body: new URLSearchParams(fields) }, headers);
  }

  /** Asks as the sign-in page's script does. */
  ask(url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const own = {
      accept: 'application/json',
      'x-cordon-request': '1',
      'sec-fetch-site': 'same-origin',
      ...headers,
    };
    if (body === undefined) return this.#send(url, {}, own);
    const json = { ...own, 'content-type': 'application/json' };
    return this.#send(url, { method: 'POST', body: JSON.stringify(body) }, json);
  }
}

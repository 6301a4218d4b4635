import { WebGuardError } from '../error.ts';

/** `strict` unless a navigation from another site must bring the cookie along, as the return from a sign-in does. */
export type CookieSite = 'strict' | 'lax';

export interface GuardedCookie {
  readonly name: string;
  /** `Set-Cookie` value. Without `maxAgeSeconds` the cookie ends with the browser. */
  set(value: string, maxAgeSeconds?: number): string;
  /** `Set-Cookie` value that removes the cookie. */
  clear(): string;
  /** The cookie's value, or undefined where it is absent, doubled or not of the expected form. */
  read(cookieHeader: string | undefined): string | undefined;
}

const valueForm = /^[A-Za-z0-9_.-]{1,4000}$/;

/**
 * Every value that a request carries under one name. Browsers send one; two are the mark of a planted cookie
 * (RFC 6265 §8.6), and a parser that picks one of them would let the planter choose.
 */
function readCookieValues(cookieHeader: string | undefined, name: string): string[] {
  return cookiePairs(cookieHeader)
    .filter((pair) => pair.name === name)
    .map((pair) => pair.value);
}

export function readCookieNames(cookieHeader: string | undefined): string[] {
  return cookiePairs(cookieHeader).map((pair) => pair.name);
}

function cookiePairs(cookieHeader = ''): { name: string; value: string }[] {
  return cookieHeader.split(';').map((pair) => {
    const at = pair.indexOf('=');
    return at < 0
      ? { name: '', value: pair.trim() }
      : { name: pair.slice(0, at).trim(), value: pair.slice(at + 1).trim() };
  });
}

/**
 * A cookie of one app: `__Host-cordon-<app>-<port>`. Browsers share cookies between the ports of a host, so the port is
 * in the name; the `__Host-` prefix (RFC 6265bis §4.1.3) keeps subdomains and other paths from planting one.
 * Chromium, Firefox and curl take `Secure` and the prefix on http://localhost as well; Safari needs TLS there.
 */
export function createCookie(options: {
  app: string;
  publicOrigin: string;
  site: CookieSite;
  suffix?: string;
}): GuardedCookie {
  const url = new URL(options.publicOrigin);
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const name = ['__Host-cordon', options.app, port, ...(options.suffix ? [options.suffix] : [])].join('-');
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(name))
    throw new WebGuardError('guard-option-invalid', 'The name of the app does not fit into a cookie name.');
  const attributes = `Path=/; Secure; HttpOnly; SameSite=${options.site === 'strict' ? 'Strict' : 'Lax'}`;
  return {
    name,
    set: (value, maxAgeSeconds) => {
      if (!valueForm.test(value))
        throw new WebGuardError('guard-option-invalid', 'A cookie value holds characters it may not hold.');
      return `${name}=${value}; ${attributes}${maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`}`;
    },
    clear: () => `${name}=; ${attributes}; Max-Age=0`,
    read: (cookieHeader) => {
      const values = readCookieValues(cookieHeader, name);
      const [value] = values;
      return values.length === 1 && value !== undefined && valueForm.test(value) ? value : undefined;
    },
  };
}

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** What of a browser's request reaches the API. Cookies and origins do not, nor what it says of its own address. */
const requestHeaders = [
  'accept',
  'accept-language',
  'content-length',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'last-event-id',
  'prefer',
  'range',
] as const;

/** What of an answer reaches the browser. Never `set-cookie`, and none of the headers that this server sets itself. */
const responseHeaders = [
  'accept-ranges',
  'content-disposition',
  'content-language',
  'content-length',
  'content-range',
  'content-type',
  'etag',
  'last-modified',
  'link',
  'location',
  'preference-applied',
  'retry-after',
  'www-authenticate',
] as const;

function pick(names: readonly string[], headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const picked: OutgoingHttpHeaders = {};
  for (const name of names) if (headers[name] !== undefined) picked[name] = headers[name];
  return picked;
}

export function pickRequestHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return pick(requestHeaders, headers);
}

export function pickResponseHeaders(headers: IncomingHttpHeaders, pathPrefix: string): OutgoingHttpHeaders {
  const picked = pick(responseHeaders, headers);
  const { location } = headers;
  // The API names its own paths; beyond it there is nowhere to send a browser to.
  if (location?.startsWith('/v1/')) picked['location'] = `${pathPrefix}${location}`;
  else delete picked['location'];
  return picked;
}

const segment = "[A-Za-z0-9._~!$&'()*+,;=:@%-]+";
// One class repeated, and separators outside of it: linear time.
const pathForm = new RegExp(`^/api(/v1(?:/${segment})+)$`);
const queryForm = /^[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*$/;

/**
 * The API's path and query for a request target below `/api/v1/`, byte for byte, or undefined where it is written in a
 * way that two parsers could read differently: dot segments, encoded separators, doubled slashes, absolute form.
 */
export function upstreamPath(target: string | undefined): string | undefined {
  if (target === undefined || target.length > 4_096) return undefined;
  const at = target.indexOf('?');
  const path = at < 0 ? target : target.slice(0, at);
  const query = at < 0 ? '' : target.slice(at);
  const inner = pathForm.exec(path)?.[1];
  if (inner === undefined || !queryForm.test(query.slice(1))) return undefined;
  if (/%(?![0-9A-Fa-f]{2})|%(?:2f|5c|00|0a|0d)/i.test(inner)) return undefined;
  const dots = inner.split('/').some((part) => /^\.{1,2}$/.test(part.replace(/%2e/gi, '.')));
  return dots ? undefined : inner + query;
}

const longestPath = 512;

/**
 * Path, query and nothing else, from characters that every URL parser reads alike: no backslash, control character,
 * tab or second slash in front, by which `//evil.example` and `/\evil.example` leave the site.
 */
const pathForm = /^\/[A-Za-z0-9._~!$&'()*+,;=:@%?/-]*$/;

/**
 * Where to send the browser after a sign-in: the path that was asked for if it stays on this site and is a page,
 * else `/`.
 */
export function safeReturnPath(asked: unknown): string {
  if (typeof asked !== 'string' || asked.length > longestPath || !pathForm.test(asked)) return '/';
  const base = 'https://own.invalid';
  if (!URL.canParse(asked, base)) return '/';
  const url = new URL(asked, base);
  // Dot segments are resolved by now; an address below /auth would sign in or out in a circle.
  if (url.origin !== base || /^\/+(auth|api)(\/|$)/i.test(url.pathname) || url.pathname.startsWith('//'))
    return '/';
  return url.pathname + url.search;
}

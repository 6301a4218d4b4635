import type { BrowserContext } from 'playwright-core';

/** The cookies that the browser would send to this app, as a header. */
export async function readCookies(context: BrowserContext, origin: string): Promise<string> {
  return (await context.cookies(origin)).map(({ name, value }) => `${name}=${value}`).join('; ');
}

/** What the app's server answers to somebody who holds these cookies, and is no browser. */
export async function askWithCookies(
  origin: string,
  cookies: string,
): Promise<{ readonly signedIn: unknown; readonly status: number; readonly code: unknown }> {
  const headers = { cookie: cookies, 'x-cordon-request': '1', 'sec-fetch-site': 'same-origin' };
  const session = await fetch(`${origin}/auth/session`, { headers });
  const { signedIn } = (await session.json()) as { signedIn?: unknown };
  const answer = await fetch(`${origin}/api/v1/me`, { headers });
  const { code } = (await answer.json()) as { code?: unknown };
  return { signedIn, status: answer.status, code };
}

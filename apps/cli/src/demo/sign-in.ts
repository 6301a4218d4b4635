import * as client from 'openid-client';
import { CliError } from '../error.ts';
import type { DemoAccount } from '../up/demo-file.ts';
import { oneTimeCode } from './one-time-code.ts';

interface Step {
  readonly step: 'password' | 'code' | 'enrol' | 'recovery' | 'tenant' | 'continue' | 'done';
  readonly redirectTo?: string;
  readonly choices?: readonly { tenantId: string; role: string }[];
}

const redirectUri = 'http://127.0.0.1:1/callback';
const mostSteps = 6;

/** The cookies of one sign-in; their paths tell the two of the provider apart. */
class Cookies {
  readonly #held = new Map<string, { value: string; path: string }>();

  keep(response: Response): void {
    for (const header of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = header.split(';').map((part) => part.trim());
      const name = pair.slice(0, pair.indexOf('='));
      const path = attributes.find((each) => /^path=/i.test(each))?.slice('path='.length) ?? '/';
      const value = pair.slice(name.length + 1);
      if (value === '') this.#held.delete(`${name} ${path}`);
      else this.#held.set(`${name} ${path}`, { value, path });
    }
  }

  headerFor(url: URL): string {
    return [...this.#held]
      .filter(([, { path }]) => url.pathname === path || url.pathname.startsWith(path.replace(/\/?$/, '/')))
      .map(([name, { value }]) => `${name.split(' ')[0] ?? ''}=${value}`)
      .join('; ');
  }
}

function refuse(detail: string): never {
  throw new CliError('demo-sign-in-failed', `The sign-in did not succeed: ${detail.replace(/\.$/, '')}.`);
}

function locationOf(response: Response, base: URL): URL {
  const location = response.headers.get('location');
  if (location === null) refuse(`the provider answered ${response.status} in place of a redirection`);
  return new URL(location, base);
}

export interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken?: string;
}

/**
 * Signs a person of the demo in the way any native client would (RFC 8252): authorization code with PKCE, then the steps of
 * the sign-in page over their JSON interface (apps/identity/README.md).
 */
export async function signIn(account: DemoAccount, issuer: string): Promise<SignedIn> {
  const { configuration, verifier, state, start } = await beginSignIn(issuer);
  const callback = await completeSteps(account, issuer, start);
  const tokens = await client.authorizationCodeGrant(configuration, callback, {
    pkceCodeVerifier: verifier,
    expectedState: state,
  });
  return {
    accessToken: tokens.access_token,
    ...(tokens.refresh_token !== undefined && { refreshToken: tokens.refresh_token }),
  };
}

async function beginSignIn(issuer: string) {
  const configuration = await client
    .discovery(new URL(issuer), 'cordon-cli', undefined, client.None(), {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked to stand out; the demo speaks http on loopback alone
      execute: issuer.startsWith('http://') ? [client.allowInsecureRequests] : [],
    })
    .catch(() => refuse(`nothing answers at ${issuer}; is npm start running?`));
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const start = client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: 'openid',
    resource: 'urn:cordon:engine',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
  });
  return { configuration, verifier, state, start };
}

/** What the provider asks for after the right password of an account: `done` would be a sign-in without a second factor. */
export async function askPasswordStep(account: DemoAccount, issuer: string): Promise<string> {
  const { start } = await beginSignIn(issuer);
  const { post } = await openInteraction(issuer, start);
  return (await post('password', { email: account.email, password: account.password })).step;
}

interface Interaction {
  readonly get: (url: URL) => Promise<URL>;
  readonly post: (path: string, body: object) => Promise<Step>;
}

async function openInteraction(issuer: string, start: URL): Promise<Interaction> {
  const cookies = new Cookies();
  const get = async (url: URL): Promise<URL> => {
    const response = await fetch(url, { redirect: 'manual', headers: { cookie: cookies.headerFor(url) } });
    cookies.keep(response);
    return locationOf(response, url);
  };
  const interaction = await get(start);
  const post = async (path: string, body: object): Promise<Step> => {
    const url = new URL(`${interaction.pathname}/${path}`, issuer);
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-cordon-request': '1',
        origin: issuer,
        cookie: cookies.headerFor(url),
      },
      body: JSON.stringify(body),
    });
    cookies.keep(response);
    const answer = (await response.json()) as Step & { title?: string };
    if (!response.ok) refuse(answer.title ?? `status ${response.status}`);
    return answer;
  };
  return { get, post };
}

async function completeSteps(account: DemoAccount, issuer: string, start: URL): Promise<URL> {
  const { get, post } = await openInteraction(issuer, start);
  let step = await post('password', { email: account.email, password: account.password });
  for (let count = 0; step.step !== 'done' && count < mostSteps; count += 1) {
    if (step.step === 'code') step = await post('code', { code: oneTimeCode(account) });
    else if (step.step === 'tenant') step = await post('tenant', { ...step.choices?.[0] });
    else if (step.step === 'continue') step = await post('continue', {});
    else refuse(`the provider asks for "${step.step}", which a person has to do in the browser`);
  }
  if (step.redirectTo === undefined) refuse('it did not come to an end');
  return get(new URL(step.redirectTo, issuer));
}

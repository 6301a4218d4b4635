import * as client from 'openid-client';
import { Browser } from './browser.ts';
import { codeOf, password, type IdentityUnderTest, type Person } from './identity-under-test.ts';

export interface SignInAsk {
  readonly identity: IdentityUnderTest;
  readonly person: Person;
  readonly browser?: Browser;
  readonly scope?: string;
  readonly parameters?: Record<string, string>;
  /** Which code to enter: a step away from now, so that one person can sign in twice within a minute. */
  readonly codeStep?: 0 | 1;
}

export interface SignedIn {
  readonly configuration: client.Configuration;
  readonly tokens: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers;
  readonly browser: Browser;
  /** Where the browser came back to, code included. */
  readonly callback: URL;
  readonly verifier: string;
}

/** All that a relying party knows of the provider at first. */
export type IssuerPlace = Pick<IdentityUnderTest, 'issuer'>;

export const redirectUri = 'http://localhost:7400/auth/callback';

/** The console, as a relying party of openid-client. */
export function discover(identity: IssuerPlace): Promise<client.Configuration> {
  return client.discovery(
    new URL(identity.issuer),
    'console',
    undefined,
    client.ClientSecretBasic('console-secret-console-secret-console'),
    // Marked as a warning by its authors: plain http is for this machine alone.
    { execute: [client.allowInsecureRequests] }, // eslint-disable-line @typescript-eslint/no-deprecated -- loopback only
  );
}

/** Where the sign-in of one request goes on, in one browser. */
export interface OpenedPage {
  readonly browser: Browser;
  readonly page: string;
}

/** Pushes a request and opens the address in the browser: ends where the sign-in page is. */
export async function openSignIn(
  identity: IssuerPlace,
  configuration: client.Configuration,
  parameters: Record<string, string>,
  browser = new Browser(identity.issuer),
): Promise<OpenedPage> {
  const url = await client.buildAuthorizationUrlWithPAR(configuration, parameters);
  const response = await browser.open(url.href);
  const page = response.headers.get('location');
  if (response.status !== 303 || !page?.startsWith('/interaction/'))
    throw new Error(`no sign-in page: ${response.status} ${page ?? ''}`);
  return { browser, page };
}

export async function requestParameters(verifier: string, more: Record<string, string> = {}) {
  return {
    redirect_uri: redirectUri,
    scope: 'openid offline_access',
    resource: 'urn:cordon:engine',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...more,
  };
}

/** Follows the provider's redirects until one leads away from it. */
export async function followToClient(browser: Browser, redirectTo: string, issuer: string): Promise<URL> {
  let target = new URL(redirectTo, issuer);
  for (let hop = 0; hop < 5; hop += 1) {
    if (target.origin !== new URL(issuer).origin) return target;
    const response = await browser.open(target.href);
    const location = response.headers.get('location');
    if (location === null) throw new Error(`no redirect: ${response.status}`);
    target = new URL(location, issuer);
  }
  throw new Error('too many redirects');
}

/** From the last step to the tokens. */
export async function finishAt(
  identity: IssuerPlace,
  opened: OpenedPage & { readonly verifier: string; readonly configuration?: client.Configuration },
  last: { readonly body: Record<string, unknown> },
  checks: { expectedState?: string; expectedNonce?: string } = {},
): Promise<SignedIn> {
  const { step, redirectTo } = last.body;
  if (step !== 'done' || typeof redirectTo !== 'string')
    throw new Error(`stopped: ${JSON.stringify(last.body)}`);
  const { browser, verifier } = opened;
  const configuration = opened.configuration ?? (await discover(identity));
  const callback = await followToClient(browser, redirectTo, identity.issuer);
  const tokens = await client.authorizationCodeGrant(configuration, callback, {
    pkceCodeVerifier: verifier,
    ...checks,
  });
  return { configuration, tokens, browser, callback, verifier };
}

/** The whole way: pushed request, password, code, redirect, token. */
export async function signIn(ask: SignInAsk): Promise<SignedIn> {
  const { identity, person } = ask;
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const parameters = await requestParameters(verifier, {
    state,
    nonce,
    ...(ask.scope === undefined ? {} : { scope: ask.scope }),
    ...ask.parameters,
  });
  const configuration = await discover(identity);
  const { browser, page } = await openSignIn(identity, configuration, parameters, ask.browser);
  let response = await browser.ask(`${page}/password`, { email: person.email, password });
  let body = (await response.json()) as Record<string, unknown>;
  if (body['step'] === 'code') {
    response = await browser.ask(`${page}/code`, { code: codeOf(person.secret, ask.codeStep) });
    body = (await response.json()) as typeof body;
  }
  return finishAt(
    identity,
    { browser, page, verifier, configuration },
    { body },
    { expectedState: state, expectedNonce: nonce },
  );
}

import { describe, it } from 'vitest';
import type { Asked } from '../../compliance/asked.ts';
import { expectBlocked, expectPass, soundWorld } from './sound-world.ts';
import { startStubServers, type Mischief } from './stub-servers.ts';

const factorPolicy = [
  { rule: "CHECK (factor_required OR role NOT IN ('role.admin', 'role.corporateAdmin', 'role.auditor'))" },
];

/** A token as the provider makes it; nobody checks its signature here. */
function tokenOf(claims: Record<string, unknown> = {}, alg = 'ES256'): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const usual = { iat: 1000, exp: 1900, aud: 'urn:cordon:engine', tenant_id: 't', acr: 'urn:cordon:acr:mfa' };
  return `${part({ alg })}.${part({ ...usual, ...claims })}.c2ln`;
}

async function withStubServers(mischief: Mischief | undefined, work: (world: Asked) => Promise<void>, more: Partial<Asked> = {}): Promise<void> {
  const servers = await startStubServers(mischief);
  try {
    await work(
      soundWorld({
        running: () => Promise.resolve(servers.running),
        query: () => Promise.resolve({ of: 'clinical', rows: factorPolicy }),
        passwordStep: () => Promise.resolve('code'),
        signIn: (role) => Promise.resolve({ accessToken: role === 'role.clinician' ? tokenOf() : `plain.${tokenOf().split('.')[1] ?? ''}.x`, refreshToken: 'r' }),
        ...more,
      }),
    );
  } finally {
    await servers.stop();
  }
} // prettier-ignore

const asked = [
  'SEC-005',
  'SEC-006',
  'SEC-010',
  'CH-1.1',
  'CH-1.2',
  'CH-1.3',
  'CH-2.1',
  'CH-2.2',
  'CH-7.4',
  'CH-10.10',
];
it.each(asked)('%s passes where nothing is wrong', (id) =>
  withStubServers(undefined, (world) => expectPass(id, world)),
);

it.each(asked)('%s is unknown where nothing runs, and so blocks production', (id) =>
  withStubServers(undefined, (world) => expectBlocked(id, world, /Nothing runs here/, 'unknown'), { running: () => Promise.resolve(undefined) })); // prettier-ignore

it.each(asked)('%s is unknown where the server went away', async (id) => {
  const servers = await startStubServers();
  await servers.stop();
  const world = soundWorld({
    running: () => Promise.resolve(servers.running),
    query: () => Promise.reject(new Error('the store went away')),
    signIn: () => Promise.reject(new Error('the provider went away')),
  });
  await expectBlocked(id, world, /could not run/, 'unknown');
});

describe('the gate blocks, and names it, when a server', () => {
  it.each<[string, Mischief, string, RegExp]>([
    ['allows inline scripts', 'inline-scripts', 'SEC-010', /content-security-policy is too loose/],
    ['leaves nosniff out', 'no-nosniff', 'SEC-010', /x-content-type-options is missing/],
    ['does not ask for TLS', 'no-hsts', 'SEC-010', /as clinic\.example says none/],
    ['shows its cookie to scripts', 'cookie-for-scripts', 'CH-1.2', /__Host-sign-in lacks httponly/],
    ['takes what another site sends', 'takes-foreign-posts', 'CH-1.3', /as another site is answered 200|without the header/],
    ['has a route that asks for no token', 'open-route', 'CH-2.1', /GET \/v1\/alerts is answered 200 without a token/],
    ['takes a token that nobody signed', 'takes-forged-tokens', 'CH-2.1', /to a forged token/],
    ['has rotation switched off', 'refresh-works-twice', 'SEC-006', /a refresh gives no new refresh token|used is answered 200/],
    ['takes plain PKCE', 'plain-pkce', 'CH-1.1', /code_challenge_methods_supported is \["S256","plain"\]/],
    ['publishes its private key', 'publishes-private-key', 'CH-1.1', /a private key is published/],
    ['tells of its statements', 'tells-sql', 'CH-7.4', /tells of its inside: SELECT/],
    ['falls over', 'falls-over', 'CH-7.4', /is answered 500/],
    ['gives a script back', 'reflects', 'CH-10.10', /gives a script back/],
    ['serves its repository', 'serves-git', 'CH-10.10', /shows \[core\]/],
    ['lets itself be framed', 'frames-anywhere', 'SEC-010', /content-security-policy is too loose/],
    ['lets the chat be framed by anybody', 'chat-frames-anywhere', 'SEC-010', /\/chat\/: content-security-policy is too loose/],
    ['opens a visit for another site', 'site-takes-foreign-posts', 'CH-1.3', /POST \/visit (without|as another site).* is answered 201/],
    ['gives a visitor’s text back as a page', 'site-reflects', 'CH-10.10', /gives a script back/],
    ['gives the audit log to everybody', 'gives-audit-to-all', 'CH-2.2', /is answered 200 at \/v1/],
  ])('%s', (_name, mischief, id, says) => withStubServers(mischief, (world) => expectBlocked(id, world, says))); // prettier-ignore

  it.each<[string, string, Partial<Asked>, RegExp]>([
    ['gives tokens that live an hour', 'SEC-006', { signIn: () => Promise.resolve({ accessToken: tokenOf({ exp: 4600 }), refreshToken: 'r' }) }, /lives 3600 s/],
    ['signs with a shared secret', 'SEC-006', { signIn: () => Promise.resolve({ accessToken: tokenOf({}, 'HS256'), refreshToken: 'r' }) }, /signed with HS256/],
    ['gives an administrator a token for a password', 'SEC-005', { signIn: () => Promise.resolve({ accessToken: tokenOf({ acr: 'urn:cordon:acr:password' }) }) }, /with a password alone/],
    ['is content with a password', 'SEC-005', { passwordStep: () => Promise.resolve('done') }, /went on to "done"/],
  ])('%s', (_name, id, more, says) => withStubServers(undefined, (world) => expectBlocked(id, world, says), more)); // prettier-ignore
});

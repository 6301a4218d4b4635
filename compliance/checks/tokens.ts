import { allOf, fail, judgeFaults, pass, seen, unknown, type Answer } from '@cordon/control-gate';
import type { Asked, Running } from '../asked.ts';
import { ask, whereRunning } from './ask.ts';

const longestSeconds = 900;
const noDemo =
  'There is nobody here who may sign in for a check: it runs against the demo, or against an environment with a test account.';

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<
    string,
    unknown
  >;
}

/** A real token of a clinician: how long it lives, whom it is for, and how its owner signed in. */
export const tokensAreShort = whereRunning(async (running, asked) => {
  const tokens = await asked.signIn('role.clinician');
  if (tokens === undefined) return unknown(noDemo, []);
  const claims = claimsOf(tokens.accessToken);
  const seconds = Number(claims['exp']) - Number(claims['iat']);
  const header = JSON.parse(
    Buffer.from(tokens.accessToken.split('.')[0] ?? '', 'base64url').toString('utf8'),
  ) as Record<string, unknown>;
  const faults = [
    ...(seconds > 0 && seconds <= longestSeconds
      ? []
      : [`the access token lives ${seconds} s, not ${longestSeconds}`]),
    ...(claims['aud'] === 'urn:cordon:engine' ? [] : ['the token is not for the engine alone']),
    ...(typeof claims['tenant_id'] === 'string' ? [] : ['the token names no tenant']),
    ...(header['alg'] === 'ES256' || header['alg'] === 'EdDSA'
      ? []
      : [`the token is signed with ${String(header['alg'])}`]),
  ];
  const said = JSON.stringify({ alg: header['alg'], seconds, aud: claims['aud'], acr: claims['acr'] });
  return judgeFaults(faults, `An access token lives ${seconds} s, is for one audience and one tenant.`, [
    seen('a sign-in, and the token it gave', running.identity, said),
  ]);
});

/** Those who must show a second factor did: said by the token of a real sign-in. */
export const secondFactorShown = whereRunning(async (running, asked) => {
  const answers: Answer[] = [];
  for (const role of ['role.admin', 'role.corporateAdmin', 'role.auditor', 'role.clinician']) {
    const tokens = await asked.signIn(role);
    if (tokens === undefined) {
      answers.push(unknown(`${noDemo} (${role})`, []));
      continue;
    }
    const { acr, amr } = claimsOf(tokens.accessToken);
    const evidence = [seen(`a sign-in as ${role}`, running.identity, JSON.stringify({ acr, amr }))];
    answers.push(
      acr === 'urn:cordon:acr:mfa'
        ? pass(`${role} showed a second factor.`, evidence)
        : fail(`${role} got a token with a password alone.`, evidence),
    );
  }
  return allOf(answers);
});

/** A password is right, and still opens nothing until a second factor was shown: whether the provider stops there. */
export const passwordAloneOpensNothing = whereRunning(async (running, asked) => {
  const step = await asked.passwordStep('role.admin');
  if (step === undefined) return unknown(noDemo, []);
  const evidence = [
    seen("an administrator's password, and no code", running.identity, `the next step is "${step}"`),
  ];
  return step === 'code' || step === 'enrol'
    ? pass('An administrator’s password alone opens nothing.', evidence)
    : fail(`After an administrator's password the provider went on to "${step}".`, evidence);
});

/** A refresh token works once: the second use is refused, and ends the family. */
export const refreshTokensRotate = whereRunning(async (running, asked, signal) => {
  const refreshToken = (await asked.signIn('role.receptionist', 1))?.refreshToken;
  if (refreshToken === undefined) return unknown(noDemo, []);
  const first = await refresh(running, refreshToken, signal);
  const replay = await refresh(running, refreshToken, signal);
  const next =
    first.refreshToken === undefined ? undefined : await refresh(running, first.refreshToken, signal);
  const evidence = [
    seen(
      'a refresh',
      running.identity,
      `status ${first.status}${first.refreshToken === undefined ? ', no new token' : ', another token'}`,
    ),
    seen('the same refresh token again', running.identity, `status ${replay.status}, ${replay.error}`),
    seen(
      'the token that came of the first refresh, afterwards',
      running.identity,
      next === undefined ? 'there was none' : `status ${next.status}, ${next.error}`,
    ),
  ];
  const faults = [
    ...(first.status === 200 ? [] : [`the first refresh was answered ${first.status}`]),
    ...(first.refreshToken !== undefined && first.refreshToken !== refreshToken
      ? []
      : ['a refresh gives no new refresh token']),
    ...(replay.status === 400 && replay.error === 'invalid_grant'
      ? []
      : [`a refresh token that was used is answered ${replay.status}`]),
    ...(next === undefined || next.status === 400 ? [] : ['a reuse does not end the family']),
  ];
  return judgeFaults(faults, 'A refresh token works once; its reuse ends the family.', evidence);
});

async function refresh({ identity }: Running, token: string, signal: AbortSignal) {
  const { status, body } = await ask(identity, '/token', signal, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'cordon-cli',
      refresh_token: token,
    }).toString(),
  });
  const { refresh_token: refreshToken, error } = JSON.parse(body) as {
    refresh_token?: string;
    error?: string;
  };
  return { status, refreshToken, error: error ?? 'no error' };
}

/** What a role may not see is refused by the engine, to a good token. */
export const rolesAreHeld = whereRunning(async (running, asked, signal) => {
  const tries = [
    ['role.receptionist', '/v1/audit-entries', 403],
    ['role.externalContractor', '/v1/patients', 403],
    ['role.patient', '/v1/audit-entries', 403],
  ] as const;
  const answers: Answer[] = [];
  for (const [role, path, wanted] of tries) {
    const tokens = await asked.signIn(role);
    if (tokens === undefined) continue;
    const { status, evidence } = await ask(running.engine, path, signal, {
      headers: { authorization: `Bearer ${tokens.accessToken}` },
    });
    const proof = [{ ...evidence, asked: `GET ${path} as ${role}` }];
    answers.push(
      status === wanted
        ? pass(`${role} is refused ${path}.`, proof)
        : fail(`${role} is answered ${status} at ${path}.`, proof),
    );
  }
  return answers.length === 0 ? unknown(noDemo, []) : allOf(answers);
});

/** What the repository says to external providers (Auth0, Keycloak), of which nothing runs here. */
export async function deployedProvidersAgree(asked: Asked): Promise<Answer> {
  const read = async (path: string): Promise<Record<string, unknown>> =>
    JSON.parse(await asked.readText(path)) as Record<string, unknown>;
  const faults: string[] = [];
  const api = await read('deploy/identity/auth0/resource-servers/engine.json');
  if (Number(api['token_lifetime']) > longestSeconds)
    faults.push(`Auth0's access token lives ${String(api['token_lifetime'])} s`);
  for (const client of ['console', 'portal']) {
    const said = (await read(`deploy/identity/auth0/clients/${client}.json`))['refresh_token'] as
      Record<string, unknown> | undefined;
    if (said?.['rotation_type'] !== 'rotating' || said['leeway'] !== 0)
      faults.push(`Auth0 does not rotate the refresh tokens of ${client}`);
    if (Number(said?.['token_lifetime'] ?? Infinity) > 604_800)
      faults.push(`Auth0's refresh tokens of ${client} outlive seven days`);
  }
  const realm = await read('deploy/identity/keycloak/cordon-realm.json');
  if (realm['revokeRefreshToken'] !== true) faults.push('Keycloak does not rotate refresh tokens');
  if (Number(realm['accessTokenLifespan'] ?? Infinity) > longestSeconds)
    faults.push("Keycloak's access tokens live too long");
  return judgeFaults(faults, 'Auth0 and Keycloak are told the same lifetimes and rotation.', [
    seen(
      'lifetimes and rotation',
      'deploy/identity',
      faults.length === 0 ? 'as the embedded provider' : faults,
    ),
  ]);
}

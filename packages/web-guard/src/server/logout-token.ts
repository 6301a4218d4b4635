import { jwtVerify, type JWTVerifyGetKey } from 'jose';
import { WebGuardError } from '../error.ts';

/** Whom a back-channel logout signs out: one session of the provider, or all of a person. */
export type LoggedOut = { readonly sid: string } | { readonly subject: string };

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

function refuse(detail: string, cause?: unknown): never {
  throw new WebGuardError('logout-token-invalid', 'The logout token is not valid.', { detail, cause });
}

/**
 * Validates a logout token (OpenID Connect Back-Channel Logout 1.0 §2.6). A token that names a session ends that
 * session only; one that names just the subject ends all of the person's.
 * @throws WebGuardError `logout-token-invalid`
 */
export async function verifyLogoutToken(
  token: string,
  keys: JWTVerifyGetKey,
  expected: { issuer: string; clientId: string; algorithms: string[] },
): Promise<LoggedOut> {
  const { payload } = await jwtVerify(token, keys, {
    issuer: expected.issuer,
    audience: expected.clientId,
    algorithms: expected.algorithms,
    // Demanded, though the specification only recommends it: no token of another kind can be passed off as a logout.
    typ: 'logout+jwt',
    requiredClaims: ['iat', 'jti', 'exp'],
    maxTokenAge: '5 minutes',
    clockTolerance: 30,
  }).catch((error: unknown) => refuse('not verified', error));
  const events = payload['events'];
  if (typeof events !== 'object' || events === null || !(logoutEvent in events)) refuse('event');
  // §2.4: a nonce is forbidden, so that an ID token can never be taken for a logout token.
  if ('nonce' in payload) refuse('nonce');
  const { sid } = payload as { sid?: unknown };
  if (typeof sid === 'string' && sid !== '') return { sid };
  if (typeof payload.sub === 'string' && payload.sub !== '') return { subject: payload.sub };
  return refuse('names nobody');
}

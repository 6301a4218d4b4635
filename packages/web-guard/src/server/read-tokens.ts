import { jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { TokenEndpointResponse } from 'openid-client';
import type { SessionTokens } from '../session/tokens.ts';

/** Asymmetric only: with one of them a public key can never pass for a shared secret. */
export const signatureAlgorithms = ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256', 'RS256'];

/** What the provider calls what is read here. */
export interface TokenClaimNames {
  readonly tenantId: string;
  readonly role: string;
  readonly sid: string;
  readonly authTime: string;
  readonly factor: string;
  readonly factorValue: string;
}

export const usualStepUpAcr = 'urn:cordon:acr:mfa';
export const usualClaimNames: TokenClaimNames = {
  tenantId: 'tenant_id',
  role: 'role',
  sid: 'sid',
  authTime: 'auth_time',
  factor: 'acr',
  factorValue: usualStepUpAcr,
};

export interface TokenExpectations {
  readonly issuer: string;
  readonly resource: string;
  readonly claims: TokenClaimNames;
  /** What a session is said to have been proven by where the factor was shown. */
  readonly stepUpAcr: string;
}

function text(claims: JWTPayload, name: string): string | undefined {
  const value = claims[name];
  return typeof value === 'string' && value.length > 0 && value.length <= 200 ? value : undefined;
}

/** How the person was authenticated, of a claim that says so; undefined where there is none. */
function readContext(claims: object | undefined, expected: TokenExpectations): string | undefined {
  const { factor, factorValue } = expected.claims;
  const said: unknown = Object.entries(claims ?? {}).find(([name]) => name === factor)?.[1];
  if (said === undefined) return undefined;
  return said === factorValue || (Array.isArray(said) && said.includes(factorValue))
    ? expected.stepUpAcr
    : 'without-factor';
}

/**
 * The tokens of a token endpoint's answer, and whose they are. The access token is verified although it came straight
 * from the provider: audience and claims decide here.
 * @param before the tokens that were refreshed; person and tenant must be the same.
 * @throws Error when anything is missing or differs; jose's errors when the signature or a claim does not hold.
 */
export async function readTokens(
  expected: TokenExpectations,
  keys: JWTVerifyGetKey,
  answer: TokenEndpointResponse & {
    claims(): { sub: string; sid?: unknown; acr?: unknown; auth_time?: unknown } | undefined;
  },
  before?: SessionTokens,
): Promise<SessionTokens> {
  const { payload } = await jwtVerify(answer.access_token, keys, {
    issuer: expected.issuer,
    audience: expected.resource,
    typ: 'at+jwt',
    algorithms: signatureAlgorithms,
    requiredClaims: ['exp', 'sub'],
    clockTolerance: 5,
  });
  const identity = answer.claims();
  const idToken = answer.id_token ?? before?.idToken;
  const [subject, tenantId, role] = [
    text(payload, 'sub'),
    text(payload, expected.claims.tenantId),
    text(payload, expected.claims.role),
  ];
  if (!subject || !tenantId || !role || !idToken || !payload.exp) throw new Error('a claim is missing');
  if ((identity && identity.sub !== subject) || (before && before.subject !== subject))
    throw new Error('the tokens belong to different people');
  // A refresh answers for the tenant that was chosen at sign-in, or not at all.
  if (before && before.tenantId !== tenantId) throw new Error('the tenant has changed');
  const sid =
    text(payload, expected.claims.sid) ?? (typeof identity?.sid === 'string' ? identity.sid : before?.sid);
  const acr = readContext(payload, expected) ?? readContext(identity, expected) ?? before?.acr;
  const authTime = [payload[expected.claims.authTime], identity?.auth_time, before?.authTime].find(
    Number.isSafeInteger,
  );
  return {
    subject,
    tenantId,
    role,
    sid: sid ?? null,
    acr: acr ?? null,
    authTime: typeof authTime === 'number' ? authTime : null,
    accessToken: answer.access_token,
    accessExpiresAt: payload.exp,
    refreshToken: answer.refresh_token ?? before?.refreshToken ?? null,
    idToken,
  };
}

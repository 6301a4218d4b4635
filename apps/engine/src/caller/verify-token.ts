import { createRemoteJWKSet, decodeJwt, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { EngineError } from '../error.ts';
import type { Caller } from './caller.ts';
import { readClaims } from './token-claims.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** Why a token is not taken, as the audit log says it. */
export type TokenFault =
  | 'token-malformed'
  | 'token-expired'
  | 'token-claims-refused'
  | 'token-signature-wrong'
  | 'token-algorithm-refused'
  | 'token-key-unknown';

/** What jose says of a token; whatever it says beyond this is about the keys, not about the token. */
const faults: Readonly<Record<string, TokenFault>> = {
  [errors.JWTExpired.code]: 'token-expired',
  [errors.JWTClaimValidationFailed.code]: 'token-claims-refused',
  [errors.JWSSignatureVerificationFailed.code]: 'token-signature-wrong',
  [errors.JOSEAlgNotAllowed.code]: 'token-algorithm-refused',
  [errors.JWKSNoMatchingKey.code]: 'token-key-unknown',
  [errors.JWKSMultipleMatchingKeys.code]: 'token-key-unknown',
  [errors.JOSENotSupported.code]: 'token-malformed',
  [errors.JWTInvalid.code]: 'token-malformed',
  [errors.JWSInvalid.code]: 'token-malformed',
};

export type VerifyToken = (token: string) => Promise<Caller | TokenFault>;

/** Who says that it signed the token, unverified: only to choose by whose keys it is verified. */
export function namedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** What a verifier's refusal is called; undefined where the fault is not the token's. */
export const faultOf = (cause: unknown): TokenFault | undefined =>
  cause instanceof errors.JOSEError ? faults[cause.code] : undefined;

/**
 * Verifies one access token (RFC 9068): signature by a published key of the issuer, in a configured algorithm; issuer,
 * audience, type, times; then the claims' form.
 * @throws EngineError `issuer-unavailable` when the issuer's keys cannot be had: nobody's session ends for that.
 */
export function createVerifyToken(from: TokenIssuer, given?: JWTVerifyGetKey): VerifyToken {
  const keys = given ?? createRemoteJWKSet(new URL(from.jwksUrl), { timeoutDuration: 3_000 });
  const demands = {
    algorithms: [...from.algorithms],
    issuer: from.issuer,
    audience: from.audience,
    typ: 'at+jwt',
    clockTolerance: 5,
    requiredClaims: ['exp', 'iat', from.claims.subject, from.claims.sessionId],
  };
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, demands);
      return readClaims(payload, from.claims) ?? 'token-claims-refused';
    } catch (cause) {
      const fault = faultOf(cause);
      if (fault !== undefined) return fault;
      throw new EngineError('issuer-unavailable', { detail: 'the keys could not be fetched', cause });
    }
  };
}

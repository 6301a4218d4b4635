import { PUBLIC_ROLE_ID } from '@cordon/access-policy';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { EngineError } from '../error.ts';
import { faultOf, type VerifyToken } from './verify-token.ts';

const id = z.uuid().toLowerCase();
const claims = z.strictObject({
  iss: z.string(),
  aud: z.string(),
  sub: id,
  jti: id,
  tenant_id: id,
  clinic_id: id,
  role: z.literal(PUBLIC_ROLE_ID),
  iat: z.int(),
  exp: z.int(),
  /** When the first token of this visit was signed; each question renews it. */
  visit_began: z.int(),
});
/** Longer ones are refused, whoever signed them. */
const longestSeconds = 900;
/** Of a whole visit, however often it was renewed. */
const longestVisitSeconds = 3 * 3_600 + longestSeconds;

/**
 * The tokens that web signs for visitors of the public site: one clinic, nobody in particular, a quarter of an hour. They make a
 * caller of the role `role.public` and of no other.
 */
export function createVerifyVisitor(keys: JSONWebKeySet, issuer: string, audience: string): VerifyToken {
  const find = createLocalJWKSet(keys);
  const demands = { issuer, audience, typ: 'at+jwt', algorithms: ['ES256'], clockTolerance: 5 };
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, find, { ...demands, requiredClaims: ['exp', 'iat'] });
      const read = claims.safeParse(payload);
      if (!read.success || read.data.exp - read.data.iat > longestSeconds) return 'token-claims-refused';
      if (read.data.exp - read.data.visit_began > longestVisitSeconds) return 'token-claims-refused';
      return {
        subject: read.data.sub,
        role: PUBLIC_ROLE_ID,
        tenantId: read.data.tenant_id,
        clinicIds: [read.data.clinic_id],
        patientRecordId: undefined,
        sessionId: read.data.jti,
        expiresAt: read.data.exp,
        factorShownAt: undefined,
      };
    } catch (cause) {
      const fault = faultOf(cause);
      if (fault !== undefined) return fault;
      throw new EngineError('issuer-unavailable', { detail: 'a visitor could not be verified', cause });
    }
  };
}

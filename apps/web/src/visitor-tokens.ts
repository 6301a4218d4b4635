import { createPrivateKey, createPublicKey, randomUUID, type KeyObject } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

/** Who signs tokens of visitors, and what the engine expects of them. */
export const visitorTokens = {
  issuer: 'urn:cordon:web',
  audience: 'urn:cordon:engine',
  /** 15 minutes, as everybody's access tokens. */
  seconds: 900,
  /** However often a visit is renewed: then somebody new begins. */
  longestSeconds: 3 * 3_600,
} as const;

/** An EC P-256 private key. @throws where the text holds no such key. */
export function readVisitorKey(pem: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('not an EC P-256 key');
  return key;
}

/** Whose site a visit is to. */
export interface Site {
  readonly tenantId: string;
  readonly clinicId: string;
}

/** Somebody whom nobody knows, for as long as they go on asking. */
export interface Visit {
  readonly id: string;
  /** Seconds since 1970. */
  readonly began: number;
}

const now = (): number => Math.floor(Date.now() / 1_000);

export const newVisit = (): Visit => ({ id: randomUUID(), began: now() });

/**
 * A token for somebody who is nobody yet: a tenant, a clinic, a number of their own for this visit, and the right of visitors alone.
 * RFC 9068 with ES256.
 */
export function issueVisitorToken(
  key: KeyObject,
  { tenantId, clinicId }: Site,
  { id, began }: Visit,
): Promise<string> {
  return new SignJWT({ tenant_id: tenantId, clinic_id: clinicId, role: 'role.public', visit_began: began })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
    .setIssuer(visitorTokens.issuer)
    .setAudience(visitorTokens.audience)
    .setSubject(id)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${visitorTokens.seconds}s`)
    .sign(key);
}

const claims = z.object({
  sub: z.uuid(),
  tenant_id: z.uuid(),
  clinic_id: z.uuid(),
  visit_began: z.int(),
});

/** The visit of a token that this site signed and that has not ended; null for any other text, and for a visit that is too long. */
export async function readVisit(
  key: KeyObject,
  { tenantId, clinicId }: Site,
  token: string,
): Promise<Visit | null> {
  const { issuer, audience } = visitorTokens;
  const verified = await jwtVerify(token, createPublicKey(key), {
    issuer,
    audience,
    typ: 'at+jwt',
    algorithms: ['ES256'],
    requiredClaims: ['exp'],
  }).catch(() => null);
  const { success, data } = claims.safeParse(verified?.payload);
  if (!success || data.tenant_id !== tenantId || data.clinic_id !== clinicId) return null;
  const { sub: id, visit_began: began } = data;
  return began + visitorTokens.longestSeconds < now() ? null : { id, began };
}

import { createPrivateKey, randomUUID, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';

/** Who signs tokens of visitors, and what the engine expects of them. */
export const visitorTokens = {
  issuer: 'urn:cordon:web',
  audience: 'urn:cordon:engine',
  /** 15 minutes, as everybody's access tokens. */
  seconds: 900,
} as const;

/** An EC P-256 private key. @throws where the text holds no such key. */
export function readVisitorKey(pem: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('not an EC P-256 key');
  return key;
}

/**
 * A token for somebody who is nobody yet: a tenant, a clinic, a number of their own for this visit, and the right of visitors alone.
 * RFC 9068 with ES256.
 */
export function issueVisitorToken(
  key: KeyObject,
  site: { readonly tenantId: string; readonly clinicId: string },
): Promise<string> {
  return new SignJWT({ tenant_id: site.tenantId, clinic_id: site.clinicId, role: 'role.public' })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
    .setIssuer(visitorTokens.issuer)
    .setAudience(visitorTokens.audience)
    .setSubject(randomUUID())
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${visitorTokens.seconds}s`)
    .sign(key);
}

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';

export interface TestSite {
  /** A token as web signs it for a visitor. */
  readonly token: (
    site: { tenantId: string; clinicId: string },
    change?: Record<string, unknown>,
  ) => Promise<string>;
  /** What the engine is told of the site's key. */
  readonly environment: Record<string, string>;
}

export async function openSite(): Promise<TestSite> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const file = join(await mkdtemp(join(tmpdir(), 'cordon-site-')), 'keys.json');
  const key = { ...publicKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' };
  writeFileSync(file, JSON.stringify({ keys: [key] }), { mode: 0o600 });
  return {
    environment: { CORDON_VISITOR_KEYS_FILE: file },
    token: ({ tenantId, clinicId }, change = {}) => {
      const iat = Math.floor(Date.now() / 1000);
      return new SignJWT({
        iss: 'urn:cordon:web',
        aud: 'urn:cordon:engine',
        sub: randomUUID(),
        jti: randomUUID(),
        tenant_id: tenantId,
        clinic_id: clinicId,
        role: 'role.public',
        iat,
        exp: iat + 900,
        visit_began: iat,
        ...change,
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
        .sign(privateKey);
    },
  };
}

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { providerSettings, toProviderOptions } from '@cordon/service';
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { issuerSettings, toIssuer } from '../../apps/engine/src/caller/token-issuer.ts';
import { createVerifyToken } from '../../apps/engine/src/caller/verify-token.ts';
import { deployFolder, readPolicy } from '../../apps/identity/deployments/policy.ts';
import { runAction } from '../../apps/identity/testing/run-action.ts';

/** As a deployment reads them: lines of an environment file. */
const settings = Object.fromEntries(
  readFileSync(new URL('auth0.env', deployFolder), 'utf8')
    .trim()
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
);

describe('a token with the claims of the Action, in the shape of Auth0’s RFC 9068 profile', () => {
  it('is read by the engine with the settings that are generated beside it', async () => {
    const [tenant] = readPolicy().tenants;
    const [accountId, clinicId] = [randomUUID(), randomUUID()];
    const { claims } = await runAction('refuse-without-factor', {
      accountId,
      ...(tenant ? { tenantId: tenant.id } : {}),
      role: 'role.clinician',
      clinics: [{ id: clinicId, writes: false }],
      factor: true,
      provenAt: new Date().toISOString(),
    });
    const { publicKey, privateKey } = await generateKeyPair('PS256', { extractable: true });
    const issuer = toIssuer(z.object(issuerSettings).parse(settings));
    const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), alg: 'PS256', kid: 'one' }] });
    const token = await new SignJWT({ ...claims, client_id: 'console', scope: 'openid offline_access' })
      .setProtectedHeader({ alg: 'PS256', kid: 'one', typ: 'at+jwt' })
      .setIssuer(issuer.issuer)
      .setSubject('auth0|655f')
      .setAudience([issuer.audience, `${issuer.issuer}userinfo`])
      .setIssuedAt()
      .setExpirationTime('15m')
      .sign(privateKey);
    expect(await createVerifyToken(issuer, keys)(token)).toMatchObject({
      subject: accountId,
      tenantId: tenant?.id,
      role: 'role.clinician',
    });
    expect(JSON.stringify(await createVerifyToken(issuer, keys)(token))).toContain(clinicId);
  });

  it('has its names in the session servers’ settings too', () => {
    const named = z.object(providerSettings).parse({ ...settings, CORDON_CLIENT_ID: 'console' });
    const { claimSpace, audience } = readPolicy();
    expect(toProviderOptions(named)).toMatchObject({
      claims: {
        tenantId: `${claimSpace}tenant_id`,
        factor: `${claimSpace}factor`,
        authTime: `${claimSpace}auth_time`,
      },
      parameters: { audience },
    });
  });
});

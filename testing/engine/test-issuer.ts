import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { SeedAccount } from './run-engine-on.ts';

/** Publishes a key over a socket and signs access tokens with it, for an engine that runs as a process of its own. */
export interface TestIssuer {
  readonly url: string;
  readonly audience: string;
  readonly token: (account: SeedAccount) => Promise<string>;
  readonly close: () => void;
}

export async function startTestIssuer(): Promise<TestIssuer> {
  const audience = 'urn:cordon:engine';
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'test' }] });
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(jwks);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    audience,
    token: (account) =>
      new SignJWT({
        sub: account.accountId,
        sid: randomUUID(),
        tenant_id: account.tenantId,
        role: account.role,
        scope: account.clinicIds.map((id) => `clinic/${id}.read clinic/${id}.write`).join(' '),
        acr: 'urn:cordon:acr:mfa',
        auth_time: Math.floor(Date.now() / 1000),
      })
        .setProtectedHeader({ alg: 'ES256', kid: 'test', typ: 'at+jwt' })
        .setIssuer(url)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime('2h')
        .sign(privateKey),
    close: () => {
      server.close();
    },
  };
}

import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { errors, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createAuthenticate } from './authenticate.ts';
import { issuerSettings, toIssuer } from './token-issuer.ts';

const issuer = toIssuer(z.object(issuerSettings).parse({ CORDON_ISSUER_URL: 'https://sign-in.example' }));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('a token that was verified is refused within minutes of its key’s withdrawal, whatever end it names', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = vi.fn(() => Promise.resolve(publicKey));
  const token = await new SignJWT({
    sub: randomUUID(),
    sid: randomUUID(),
    tenant_id: randomUUID(),
    role: 'role.clinician',
    scope: `openid clinic/${randomUUID()}.read`,
  })
    .setProtectedHeader({ alg: 'ES256', kid: 'leaked', typ: 'at+jwt' })
    .setIssuer(issuer.issuer)
    .setAudience(issuer.audience)
    .setIssuedAt()
    .setExpirationTime('10y')
    .sign(privateKey);
  const authenticate = createAuthenticate({
    issuer,
    keys,
    revoked: { has: () => false, revoke: () => Promise.resolve(), close: () => undefined },
    refusals: { report: () => Promise.resolve() },
  });
  const request = {
    headers: { authorization: `Bearer ${token}` },
    id: 'test',
    ip: '127.0.0.1',
  } as FastifyRequest;
  await authenticate(request);
  keys.mockRejectedValue(new errors.JWKSNoMatchingKey());
  vi.setSystemTime(Date.now() + 299_000);
  await authenticate(request);
  expect(keys).toHaveBeenCalledTimes(1);
  vi.setSystemTime(Date.now() + 1_000);
  await expect(authenticate(request)).rejects.toMatchObject({ code: 'token-invalid' });
});

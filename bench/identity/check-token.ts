import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { createVerifyToken } from '../../apps/engine/src/caller/verify-token.ts';
import { createAuthenticate } from '../../apps/engine/src/caller/authenticate.ts';
import { toIssuer, issuerSettings } from '../../apps/engine/src/caller/token-issuer.ts';
import { z } from 'zod';
import { formatCount, medianRate, type BenchRow } from '../row.ts';

const rounds = 101;
const checksARound = 40;

/**
 * Both in turns, so that whatever else the machine does meets both alike; and of the rounds nearly the best, in which it did
 * least. @returns rates a second.
 */
async function ratesInTurns(...runs: readonly (() => Promise<unknown>)[]): Promise<number[]> {
  const rates = runs.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1)
    for (const [index, run] of runs.entries()) {
      const started = performance.now();
      for (let check = 0; check < checksARound; check += 1) await run();
      rates[index]?.push((checksARound * 1_000) / (performance.now() - started));
    }
  return rates.map((each) => each.toSorted((a, b) => b - a)[Math.floor(rounds / 10)] ?? 0);
}

/**
 * The engine's whole check of a token that it has never seen, and of one that it has, held against jose's check of the
 * signature alone with the same key.
 */
export async function measureTokenCheck(): Promise<BenchRow[]> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const issuer = toIssuer(z.object(issuerSettings).parse({ CORDON_ISSUER_URL: 'https://sign-in.example' }));
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'bench' }] });
  const scope = Array.from({ length: 4 }, () => randomUUID()).flatMap((id) => [`clinic/${id}.read`, `clinic/${id}.write`]); // prettier-ignore
  const token = await new SignJWT({
    sub: randomUUID(),
    sid: randomUUID(),
    tenant_id: randomUUID(),
    role: 'role.clinician',
    scope: ['openid', ...scope].join(' '),
    acr: 'urn:cordon:acr:mfa',
    auth_time: Math.floor(Date.now() / 1000),
  })
    .setProtectedHeader({ alg: 'ES256', kid: 'bench', typ: 'at+jwt' })
    .setIssuer(issuer.issuer)
    .setAudience(issuer.audience)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);

  const verify = createVerifyToken(issuer, keys);
  const authenticate = createAuthenticate({
    issuer,
    keys,
    revoked: { has: () => false, revoke: () => Promise.resolve(), close: () => undefined },
    refusals: { report: () => Promise.resolve() },
  });
  const request = { headers: { authorization: `Bearer ${token}` }, id: 'bench', ip: '127.0.0.1' } as FastifyRequest;
  if (typeof (await verify(token)) === 'string') throw new Error('the token was refused');

  const [bare = 0, whole = 0] = await ratesInTurns(
    () => jwtVerify(token, publicKey),
    () => verify(token),
  );
  const again = await medianRate(() => authenticate(request));
  const baseline = `jose, signature alone: ${formatCount(bare)}/s`;
  return [
    { name: 'whole check of a new token', value: whole, unit: 'tokens/s', baseline, ratio: whole / bare },
    { name: 'whole check of a token seen before', value: again, unit: 'tokens/s', baseline, ratio: again / bare },
  ];
} // prettier-ignore

if (import.meta.main) console.table(await measureTokenCheck());

import { createHmac, randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK, type JWTPayload } from 'jose';

/** What a test holds of an issuer that runs beside it: the key that signs, and claims that are taken. */
export interface IssuerUnderTest {
  /** Private, with `kid` and `alg`. */
  readonly key: JWK;
  readonly claims: JWTPayload;
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);

export async function signToken(
  { key, claims }: IssuerUnderTest,
  change: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT({ ...claims, jti: randomUUID(), ...change })
    .setProtectedHeader({ alg: String(key.alg), typ: 'at+jwt', kid: String(key.kid), ...header })
    .sign(await importJWK(key, key.alg));
}

/**
 * Tokens that an enemy would try, by name, with the reason under which the audit log must name each (RFC 8725, RFC 9068
 * section 4).
 */
export async function makeHostileTokens(
  issuer: IssuerUnderTest,
): Promise<readonly (readonly [name: string, token: string, reason: string])[]> {
  const { key, claims } = issuer;
  const { privateKey } = await generateKeyPair(String(key.alg), { extractable: true });
  const foreign = { ...(await exportJWK(privateKey)), alg: String(key.alg) };
  const publicKey = Object.fromEntries(Object.entries(key).filter(([name]) => !['d', 'p', 'q', 'dp', 'dq', 'qi'].includes(name))); // prettier-ignore
  const typed = { typ: 'at+jwt', kid: key.kid };
  const body = part(claims);
  // The public key, known to all, as if it were a shared secret.
  const confuse = (secret: string) => {
    const signed = `${part({ ...typed, alg: 'HS256' })}.${body}`;
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  };
  const bySomebodyElse = (kid: unknown, more: Record<string, unknown> = {}) =>
    signToken({ key: foreign, claims }, {}, { kid, ...more });
  const good = await signToken(issuer);
  const [head = '', , signature = ''] = good.split('.');
  return [
    ['unsigned', `${part({ ...typed, alg: 'none' })}.${body}.AA`, 'token-algorithm-refused'],
    ['unsigned, in other letters', `${part({ ...typed, alg: 'nOnE' })}.${body}.AA`, 'token-algorithm-refused'],
    ['with the public key as a secret', confuse(JSON.stringify(publicKey)), 'token-algorithm-refused'],
    ['with the modulus or point as a secret', confuse(String(key.n ?? key.x)), 'token-algorithm-refused'],
    ['signed by somebody else under our key id', await bySomebodyElse(key.kid), 'token-signature-wrong'],
    ['whose key id is a path', await bySomebodyElse('../../../../dev/null'), 'token-key-unknown'],
    ['whose key id is SQL', await bySomebodyElse("x' UNION SELECT 'secret"), 'token-key-unknown'],
    ['that brings its own key', await bySomebodyElse(key.kid, { jwk: publicOf(foreign) }), 'token-signature-wrong'],
    ['that points to its own keys', await bySomebodyElse('x', { jku: 'http://127.0.0.1:1/keys' }), 'token-key-unknown'],
    ['with claims that were changed', `${head}.${part({ ...claims, role: 'role.admin' })}.${signature}`, 'token-signature-wrong'],
    ['for another audience', await signToken(issuer, { aud: 'console' }), 'token-claims-refused'],
    ['of another issuer', await signToken(issuer, { iss: 'https://evil.example' }), 'token-claims-refused'],
    ['of the issuer’s name with more behind it', await signToken(issuer, { iss: `${String(claims.iss)}.evil.example` }), 'token-claims-refused'],
    ['that has expired', await signToken(issuer, { iat: now() - 1_000, exp: now() - 60 }), 'token-expired'],
    ['that never expires', await signToken(issuer, { exp: undefined }), 'token-claims-refused'],
    ['that is not yet valid', await signToken(issuer, { nbf: now() + 600 }), 'token-claims-refused'],
    ['of another type: an ID token', await signToken(issuer, {}, { typ: 'JWT' }), 'token-claims-refused'],
    ['of another type: a logout token', await signToken(issuer, {}, { typ: 'logout+jwt' }), 'token-claims-refused'],
    ['with an unknown critical header', `${part({ ...typed, alg: key.alg, crit: ['more'], more: 1 })}.${body}.${signature}`, 'token-malformed'],
    ['of three random parts', 'AAAA.BBBB.CCCC', 'token-malformed'],
    ['of an encrypted kind', 'eyJhbGciOiJkaXIifQ..AAAA.BBBB.CCCC', 'token-malformed'],
    ['with a very long signature', `${good}${'A'.repeat(8_000)}`, 'token-signature-wrong'],
  ]; // prettier-ignore
}

function publicOf({ d: _private, ...rest }: JWK): JWK {
  return rest;
}

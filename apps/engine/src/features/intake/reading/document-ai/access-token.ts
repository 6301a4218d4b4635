import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';

/** A service account's key file, as Google Cloud issues it. */
export const serviceAccountSchema = z.object({
  client_email: z.email(),
  private_key_id: z.string().min(1).max(200),
  private_key: z.string().startsWith('-----BEGIN PRIVATE KEY-----'),
  token_uri: z.url(),
});
export type ServiceAccount = z.output<typeof serviceAccountSchema>;

const answerSchema = z.object({
  access_token: z.string().min(1).max(8_192),
  expires_in: z.number().positive(),
});
const scope = 'https://www.googleapis.com/auth/cloud-platform';
/** A token is renewed this long before its end, in milliseconds. */
const early = 60_000;

/** OAuth 2.0 with a signed assertion (RFC 7523, 2.1); the token is kept until shortly before it ends. */
export function createTokenSource(account: ServiceAccount): (signal: AbortSignal) => Promise<string> {
  let held: { token: string; until: number } | undefined;
  return async (signal) => {
    if (held && held.until > Date.now()) return held.token;
    const assertion = await new SignJWT({ scope })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: account.private_key_id })
      .setIssuer(account.client_email)
      .setAudience(account.token_uri)
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(await importPKCS8(account.private_key, 'RS256'));
    const response = await fetch(account.token_uri, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }),
      redirect: 'error',
      signal,
    });
    if (!response.ok) throw new Error(`the token endpoint answered ${response.status}`);
    const answer = answerSchema.parse(await response.json());
    held = { token: answer.access_token, until: Date.now() + answer.expires_in * 1000 - early };
    return held.token;
  };
}

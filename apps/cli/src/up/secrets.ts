import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readOrCreateKey, readOrCreatePassword, readOrCreateSecret, writeSecret } from '@cordon/stores';
import {
  formatSigningKey,
  formatVerifierKey,
  generateSigningKey,
  parseSigningKey,
} from '@cordon/transparency-log';
import type { Origins } from './origins.ts';

/** Files that the apps' settings name; each is made on first use and has mode 0600. */
export interface SecretFiles {
  readonly rootKey: string;
  readonly identityKey: string;
  readonly cookieKey: string;
  readonly clients: string;
  /** Signs the audit log's checkpoints; the sequencer's alone. */
  readonly logSigningKey: string;
  /** Its public half, by which anybody checks them. */
  readonly logVerifierKey: string;
  /** Signs tokens of visitors; the public site's alone. */
  readonly visitorKey: string;
  /** Its public half, by which the engine knows them: a JSON Web Key Set. */
  readonly visitorKeys: string;
  readonly clientSecret: Readonly<Record<'console' | 'portal', string>>;
  readonly sessionKey: Readonly<Record<'console' | 'portal', string>>;
}

/** The client that command lines sign in with: public, code flow with PKCE, answer on a loopback port (RFC 8252 §7.3). */
const commandLineClientId = 'cordon-cli';

/** Where an installation's secrets are. */
export function secretFilesIn(folder: string): SecretFiles {
  const file = (name: string): string => join(folder, name);
  return {
    rootKey: file('root.key'),
    identityKey: file('identity.key'),
    cookieKey: file('cookie.key'),
    clients: file('clients.json'),
    logSigningKey: file('log-signing.key'),
    logVerifierKey: file('log-verifier.key'),
    visitorKey: file('visitor.key'),
    visitorKeys: file('visitor-keys.json'),
    clientSecret: { console: file('console-client.secret'), portal: file('portal-client.secret') },
    sessionKey: { console: file('console-session.key'), portal: file('portal-session.key') },
  };
}

/**
 * Reads the installation's secrets, and makes what is missing. The clients file is written each time, for origins may change.
 * @throws StoresError `secret-damaged`
 */
export async function keepSecrets(folder: string, origins: Origins): Promise<SecretFiles> {
  const files = secretFilesIn(folder);
  for (const key of [files.rootKey, files.identityKey, ...Object.values(files.sessionKey)])
    await readOrCreateKey(key);
  await readOrCreateSecret(files.cookieKey, () => Buffer.from(randomBytes(32).toString('base64url')));
  await keepLogKey(files);
  await keepVisitorKey(files);
  await writeSecret(files.clients, JSON.stringify(await describeClients(files, origins), undefined, 2));
  return files;
}

/** The key's name is the log's origin: it stays for ever, and is the same in no two installations. */
async function keepLogKey(files: SecretFiles): Promise<void> {
  const text = await readOrCreateSecret(files.logSigningKey, () =>
    Buffer.from(
      formatSigningKey(generateSigningKey(`cordon.invalid/${randomBytes(8).toString('hex')}/audit`)),
    ),
  );
  await writeSecret(
    files.logVerifierKey,
    `${formatVerifierKey(parseSigningKey(text.toString('utf8')).verifierKey)}\n`,
  );
}

/** EC P-256, for ES256 (RFC 7518, 3.4). */
async function keepVisitorKey(files: SecretFiles): Promise<void> {
  const pem = await readOrCreateSecret(files.visitorKey, () =>
    Buffer.from(
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
    ),
  );
  const key = createPublicKey(pem).export({ format: 'jwk' });
  await writeSecret(files.visitorKeys, JSON.stringify({ keys: [{ ...key, alg: 'ES256', use: 'sig' }] }));
}

/** Written anew at each start, since addresses change with the ports. */
async function describeClients(files: SecretFiles, origins: Origins): Promise<object[]> {
  const pages = await Promise.all(
    (['console', 'portal'] as const).map(async (app) => ({
      client_id: app,
      client_name: app === 'console' ? 'Cordon console' : 'Cordon patient portal',
      client_secret: await readOrCreatePassword(files.clientSecret[app]),
      application_type: 'web',
      token_endpoint_auth_method: 'client_secret_basic',
      redirect_uris: [`${origins[app]}/auth/callback`],
      post_logout_redirect_uris: [`${origins[app]}/`],
      backchannel_logout_uri: `${origins[app]}/auth/backchannel-logout`,
    })),
  );
  return [
    ...pages,
    {
      client_id: commandLineClientId,
      client_name: 'Cordon command line',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/callback'],
    },
  ];
}

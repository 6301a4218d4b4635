import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOrCreateSecret, writeSecret } from '@cordon/stores';
import { CliError } from '../error.ts';
import type { Layout } from '../up/layout.ts';

export const privateKeyFileOf = ({ secrets }: Layout): string => join(secrets, 'gate-signing.key');
export const publicKeyFileOf = ({ state }: Layout): string => join(state, 'gate', 'verdict-key.pem');

/** The key that signs verdicts: one an installation, made on first use; the public half lies beside the verdicts. */
export async function keepVerdictKey(layout: Layout): Promise<KeyObject> {
  const pem = await readOrCreateSecret(privateKeyFileOf(layout), () =>
    Buffer.from(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
  );
  const key = createPrivateKey(pem);
  await mkdir(join(layout.state, 'gate'), { recursive: true, mode: 0o700 });
  await writeSecret(
    publicKeyFileOf(layout),
    createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
  );
  return key;
}

/** @throws CliError `arguments-invalid` where the file holds no public key */
export async function readVerdictKey(file: string): Promise<KeyObject> {
  try {
    return createPublicKey(await readFile(file));
  } catch (cause) {
    throw new CliError(
      'arguments-invalid',
      `${file} holds no public key: name the key that this deployment trusts with --key.`,
      { cause },
    );
  }
}

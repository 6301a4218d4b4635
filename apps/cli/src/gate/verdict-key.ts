import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOrCreateSecret } from '@cordon/stores';
import { CliError } from '../error.ts';
import type { Layout } from '../up/layout.ts';

const privateKeyFileOf = ({ secrets }: Layout): string => join(secrets, 'gate-signing.key');
export const publicKeyFileOf = ({ state }: Layout): string => join(state, 'gate', 'verdict-key.pem');

/**
 * The key that signs verdicts: the file that `CORDON_GATE_KEY_FILE` names (PKCS #8, PEM), else one of this installation, made
 * on first use. The public half is written beside the verdicts.
 */
export async function keepVerdictKey(layout: Layout): Promise<KeyObject> {
  const named = process.env['CORDON_GATE_KEY_FILE'];
  const pem =
    named === undefined
      ? await readOrCreateSecret(privateKeyFileOf(layout), () =>
          Buffer.from(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
        )
      : await readFile(named);
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519')
    throw new CliError(
      'arguments-invalid',
      'Verdicts are signed with an Ed25519 key: correct CORDON_GATE_KEY_FILE.',
    );
  await mkdir(join(layout.state, 'gate'), { recursive: true, mode: 0o700 });
  await writeFile(publicKeyFileOf(layout), createPublicKey(key).export({ type: 'spki', format: 'pem' }));
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

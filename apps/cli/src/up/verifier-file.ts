import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderConnectionEnvironment, writeSecret } from '@cordon/stores';
import type { Layout } from './layout.ts';
import type { SecretFiles } from './secrets.ts';
import type { RunningStores } from './stores.ts';

const fileOf = (layout: Layout): string => join(layout.secrets, 'audit-verifier.json');

/** Leaves what `cordon audit` needs: the login that may read the whole audit log, the published log, the public key. */
export async function writeVerifierFile(
  layout: Layout,
  files: SecretFiles,
  stores: RunningStores,
): Promise<void> {
  const login = stores.logins.get('audit_verifier');
  const environment = {
    ...(login && renderConnectionEnvironment(login)),
    CORDON_LOG_DIR: layout.log,
    CORDON_LOG_VERIFIER_KEY_FILE: files.logVerifierKey,
  };
  await writeSecret(fileOf(layout), JSON.stringify(environment, undefined, 2));
}

/** Undefined where Cordon was never started. */
export async function readVerifierFile(layout: Layout): Promise<Record<string, string> | undefined> {
  const text = await readFile(fileOf(layout), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Record<string, string>);
}

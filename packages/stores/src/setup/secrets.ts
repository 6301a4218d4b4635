import { join } from 'node:path';
import type { StoreDefinition } from '../definitions.ts';
import { readOrCreateKey, readOrCreatePassword } from '../secrets.ts';
import type { StoreSecrets } from './set-up-stores.ts';

/** Where `keepStoreSecrets` keeps a login role's password. */
export function passwordFileOf(secretsFolder: string, role: string): string {
  return join(secretsFolder, 'database', `${role}.password`);
}

/** Where it keeps a sealed store's key: 32 bytes. */
export function sealKeyFileOf(secretsFolder: string, store: string): string {
  return join(secretsFolder, `seal-${store}.key`);
}

/**
 * Reads every store's secrets from their files (mode 0600), and makes what is missing.
 * @throws StoresError `secret-damaged`
 */
export async function keepStoreSecrets(
  secretsFolder: string,
  definitions: readonly StoreDefinition[],
): Promise<StoreSecrets> {
  const passwords = new Map<string, string>();
  const sealKeys = new Map<string, Buffer>();
  for (const { store, sealed, logins } of definitions) {
    for (const role of logins)
      passwords.set(role, await readOrCreatePassword(passwordFileOf(secretsFolder, role)));
    if (sealed) sealKeys.set(store, await readOrCreateKey(sealKeyFileOf(secretsFolder, store)));
  }
  return { passwords, sealKeys };
}

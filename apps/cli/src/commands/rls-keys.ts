import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import {
  readStoreDefinitions,
  sealKeyFileOf,
  sealKeyId,
  type StoreDefinition,
  writeSecret,
} from '@cordon/stores';
import pg from 'pg';
import { CliError } from '../error.ts';
import { runJob } from '../run-job.ts';
import type { Layout } from '../up/layout.ts';
import { findLiveStores } from './live-stores.ts';

/** What a rotation's two steps work on. */
export interface SealKeyPlace {
  /** A connection of the store's administrator. */
  readonly administrator: pg.ClientConfig;
  /** The file that the engine reads its key from. */
  readonly keyFile: string;
  /** Leaves an entry in the audit log; `intent` answers once it is durable, and without it nothing is changed. */
  readonly record: (entry: SealKeyEntry) => Promise<unknown>;
}

export interface SealKeyEntry {
  readonly change: 'rotated' | 'retired';
  readonly keyId: string;
  readonly outcome: 'intent' | 'success';
}

/** Answers the words behind `cordon rls rotate-key` and `cordon rls retire-keys`. Throws `arguments-invalid`. */
export async function changeSealKeys(layout: Layout, args: readonly string[]): Promise<string> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { store: { type: 'string' } },
    strict: true,
    allowPositionals: true,
  });
  const definitions = await readStoreDefinitions(layout.database);
  const sealed = definitions.filter((each) => each.sealed);
  const definition = sealed.find((each) => each.store === values.store);
  if (positionals.length !== 1 || definition === undefined)
    throw new CliError(
      'arguments-invalid',
      `Name the one store whose seal key changes: --store is one of ${sealed.map((each) => each.store).join(', ')}.`,
    );
  const place = await findPlace(layout, definitions, definition);
  return positionals[0] === 'rotate-key' ? rotateSealKey(place) : retireSealKeys(place);
}

async function findPlace(
  layout: Layout,
  definitions: readonly StoreDefinition[],
  definition: StoreDefinition,
): Promise<SealKeyPlace> {
  const live = await findLiveStores(layout, definitions);
  if (live === undefined)
    throw new CliError(
      'arguments-invalid',
      'No store is running here: start Cordon, or set CORDON_*_URL for servers of your own, and try again.',
    );
  return {
    administrator: live(definition),
    keyFile: sealKeyFileOf(layout.secrets, definition.store),
    record: (entry) => runJob('keys-job', { verb: 'record-seal-key', store: definition.store, ...entry }),
  };
}

/**
 * Makes a key, lets the store verify it beside the one in use, and only then writes the file: whoever reads the file, before or
 * after, holds a key that verifies.
 */
export async function rotateSealKey({ administrator, keyFile, record }: SealKeyPlace): Promise<string> {
  const key = randomBytes(32);
  const keyId = sealKeyId(key);
  await record({ change: 'rotated', keyId, outcome: 'intent' });
  await asAdministrator(administrator, 'SELECT cordon.install_seal_key($1, $2)', [keyId, key]);
  await writeSecret(keyFile, key);
  await record({ change: 'rotated', keyId, outcome: 'success' });
  return `The new key is ${keyId}. Both verify now: start the engines anew, one by one, then run cordon rls retire-keys.`;
}

/** Retires every key but the one in the file. */
export async function retireSealKeys({ administrator, keyFile, record }: SealKeyPlace): Promise<string> {
  const keyId = sealKeyId(await readFile(keyFile));
  await record({ change: 'retired', keyId, outcome: 'intent' });
  const rows = await asAdministrator(administrator, 'SELECT cordon.retire_seal_keys($1) AS retired', [keyId]);
  await record({ change: 'retired', keyId, outcome: 'success' });
  return `Only ${keyId} verifies now; retired: ${String(rows[0]?.['retired'])}.`;
}

async function asAdministrator(
  administrator: pg.ClientConfig,
  sql: string,
  values: readonly unknown[],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(administrator);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

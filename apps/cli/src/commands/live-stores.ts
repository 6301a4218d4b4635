import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  administratorRole,
  readOrCreatePassword,
  readOwnServers,
  type StoreDefinition,
} from '@cordon/stores';
import { keepAuthority } from '@cordon/stores/certificates';
import { isAlive, startOf } from '@cordon/stores/processes';
import type { ClientConfig } from 'pg';
import { type Layout, makeLayout } from '../up/layout.ts';

/**
 * How the administrator reaches the live stores of this checkout, on whichever ports it was started; undefined where nothing
 * runs.
 */
export async function findLiveStores(
  layout: Layout,
  definitions: readonly StoreDefinition[],
): Promise<((definition: StoreDefinition) => ClientConfig) | undefined> {
  const own = await readOwnServers(process.env, definitions);
  if (own)
    return ({ store }) => {
      const server = own.servers.get(store);
      return { ...server?.administrator, database: server?.database };
    };
  const basePort = await runningBasePort(layout.root);
  if (basePort === undefined) return undefined;
  const { ports } = makeLayout(layout.root, basePort);
  const authority = await keepAuthority(join(layout.secrets, 'tls', 'database'), 'Cordon database authority');
  const password = await readOrCreatePassword(join(layout.secrets, 'database', 'administrator.password'));
  return ({ database }) => ({
    host: 'localhost',
    port: ports.postgres,
    user: administratorRole,
    password,
    ssl: { ca: authority.certificate },
    database,
  });
}

/** The base port of the `cordon up` that runs in this checkout, by its lock; undefined where none does. */
export async function runningBasePort(root: string): Promise<number | undefined> {
  const text = await readFile(join(root, '.cordon', 'up.lock'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { pid, start, basePort } = JSON.parse(text) as { pid: number; start: string; basePort: number };
  return (await isAlive(pid)) && (await startOf(pid)) === start ? basePort : undefined;
}

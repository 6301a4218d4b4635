import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadPolicy } from '@cordon/access-policy';
import { type Proof, prove } from '@cordon/row-security/prover';
import {
  administratorRole,
  isAlive,
  keepAuthority,
  readOrCreatePassword,
  readOwnServers,
  readStoreDefinitions,
  startOf,
  type StoreDefinition,
} from '@cordon/stores';
import { cloneDatabases, startTestCluster } from '@cordon/stores/testing';
import type { ClientConfig } from 'pg';
import { CliError } from '../error.ts';
import { type Layout, makeLayout } from '../up/layout.ts';
import { cordonConfig } from './rls-cordon.ts';

/**
 * Attacks this checkout's stores on a server that is made for it and thrown away. Where Cordon runs, or its stores are
 * on servers of your own, their catalogs are compared with it and go through the gates, read-only.
 */
export async function proveOwnStores(root: string, names: readonly string[]): Promise<Proof[]> {
  const layout = makeLayout(root, (await runningBasePort(root)) ?? 7400);
  const all = await readStoreDefinitions(layout.database);
  const unknown = names.find((name) => !all.some((each) => each.store === name));
  if (unknown !== undefined)
    throw new CliError(
      'arguments-invalid',
      `There is no store "${unknown}": --store is one of ${all.map((each) => each.store).join(', ')}.`,
    );
  const definitions = all.filter((each) => names.length === 0 || names.includes(each.store));
  const liveOf = await findLive(layout, all);
  const policy = await loadPolicy(layout.config);
  const cluster = await startTestCluster({
    databaseFolder: layout.database,
    sharedSql: {
      rowSecurity: join(root, 'packages', 'row-security', 'sql'),
      fieldEncryption: join(root, 'packages', 'field-encryption', 'sql'),
    },
  });
  try {
    const clones = await cloneDatabases(
      cluster.info,
      definitions.map((each) => each.store),
    );
    const proofs: Proof[] = [];
    for (const definition of definitions) {
      const { store, sealed } = definition;
      const live = liveOf?.(definition);
      proofs.push(
        await prove({
          config: cordonConfig(definition, sealed ? clones.sealKey(store) : undefined, policy),
          scratch: { administrator: clones.admin(store), loginOf: (role) => clones.connection(store, role) },
          ...(live && { live }),
        }),
      );
    }
    return proofs;
  } finally {
    await cluster.stop();
  }
}

/** How the live stores are reached; undefined where nothing runs. */
async function findLive(
  layout: Layout,
  definitions: readonly StoreDefinition[],
): Promise<((definition: StoreDefinition) => ClientConfig) | undefined> {
  const own = await readOwnServers(process.env, definitions);
  if (own)
    return ({ store }) => {
      const server = own.servers.get(store);
      return { ...server?.administrator, database: server?.database };
    };
  if ((await runningBasePort(layout.root)) === undefined) return undefined;
  const authority = await keepAuthority(join(layout.secrets, 'tls', 'database'), 'Cordon database authority');
  const password = await readOrCreatePassword(join(layout.secrets, 'database', 'administrator.password'));
  return ({ database }) => ({
    host: 'localhost',
    port: layout.ports.postgres,
    user: administratorRole,
    password,
    ssl: { ca: authority.certificate },
    database,
  });
}

/** The base port of the `cordon up` that runs in this checkout, by its lock; undefined where none does. */
async function runningBasePort(root: string): Promise<number | undefined> {
  const text = await readFile(join(root, '.cordon', 'up.lock'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { pid, start, basePort } = JSON.parse(text) as { pid: number; start: string; basePort: number };
  return (await isAlive(pid)) && (await startOf(pid)) === start ? basePort : undefined;
}

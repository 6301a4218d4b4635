import { readStoreDefinitions, type StoreDefinition } from '@cordon/stores';
import { cloneDatabases, startTestCluster } from '@cordon/stores/testing';
import type { ClientConfig } from 'pg';
import { findLiveStores, runningBasePort } from '../commands/live-stores.ts';
import { makeLayout, sharedSqlOf } from '../up/layout.ts';

/**
 * Runs `work` for each store with an administrator's connection: to those that run, else to a throw-away server with the
 * same schema.
 */
export async function withOwnStores(
  root: string,
  work: (definition: StoreDefinition, connection: ClientConfig) => Promise<void>,
): Promise<void> {
  const layout = makeLayout(root, (await runningBasePort(root)) ?? 7400);
  const definitions = await readStoreDefinitions(layout.database);
  const liveOf = await findLiveStores(layout, definitions);
  if (liveOf !== undefined) {
    for (const definition of definitions) await work(definition, liveOf(definition));
    return;
  }
  const cluster = await startTestCluster({
    databaseFolder: layout.database,
    sharedSql: sharedSqlOf(root),
  });
  try {
    const clones = await cloneDatabases(
      cluster.info,
      definitions.map((each) => each.store),
    );
    for (const definition of definitions) await work(definition, clones.admin(definition.store));
  } finally {
    await cluster.stop();
  }
}

import { loadPolicy } from '@cordon/access-policy';
import { type Proof, prove } from '@cordon/row-security/prover';
import { readStoreDefinitions } from '@cordon/stores';
import { cloneDatabases, startTestCluster } from '@cordon/stores/testing';
import { CliError } from '../error.ts';
import { makeLayout, sharedSqlOf } from '../up/layout.ts';
import { findLiveStores, runningBasePort } from './live-stores.ts';
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
  const liveOf = await findLiveStores(layout, all);
  const policy = await loadPolicy(layout.config);
  const cluster = await startTestCluster({
    databaseFolder: layout.database,
    sharedSql: sharedSqlOf(root),
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

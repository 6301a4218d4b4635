import { readFile } from 'node:fs/promises';
import type { Policy } from '@cordon/access-policy';
import { z } from 'zod';
import { EngineError } from '../error.ts';
import type { EnginePool, SealedStore, Stores } from './stores.ts';
import { noTenantContext } from './system-context.ts';

const poolOf: Readonly<Record<SealedStore, EnginePool>> = {
  clinical: 'engine_clinical',
  vault: 'engine_vault',
  audit: 'audit_reader',
  marketing: 'engine_marketing',
};

const definition = z.object({ region: z.string(), alsoServes: z.array(z.string()).default([]) });

/** Where a store is: as was given, or as its definition says. */
export async function regionsOf(
  store: SealedStore,
  given: readonly string[] | undefined,
): Promise<readonly string[]> {
  if (given) return given;
  const file = new URL(`../../../../database/${store}/store.json`, import.meta.url);
  const { region, alsoServes } = definition.parse(JSON.parse(await readFile(file, 'utf8')));
  return [region, ...alsoServes];
}

/**
 * Every data class that a store's columns carry must be allowed where the store is.
 * @param given regions of stores that are elsewhere than their definition says
 * @throws EngineError `region-mismatch`, naming store, class and region; the engine does not start.
 */
export async function checkRegions(
  stores: Stores,
  policy: Policy,
  given: Readonly<Partial<Record<SealedStore, readonly string[] | undefined>>>,
): Promise<void> {
  const locations = new Map<string, string>(
    policy.files.dataClasses.dataClasses.map((each) => [each.id, each.storageLocation]),
  );
  for (const store of Object.keys(poolOf) as SealedStore[]) {
    const regions = await regionsOf(store, given[store]);
    const { rows } = await stores.pools[poolOf[store]].within(noTenantContext(), (transaction) =>
      transaction.query<{ class: string | null }>(
        `SELECT DISTINCT substring(d.description FROM 'class=([A-Za-z]+)') AS class
         FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
         JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
         WHERE d.objsubid > 0`,
        [store],
      ),
    );
    for (const row of rows) {
      const location = row.class === null ? undefined : locations.get(row.class);
      if (location === undefined || !regions.includes(location))
        throw new EngineError('region-mismatch', {
          detail: `store ${store} (${regions.join(', ')}) holds ${row.class ?? 'an unnamed class'}, kept in ${location ?? 'no known region'}`,
        });
    }
  }
}

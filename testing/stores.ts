import { cloneDatabases, type StoreClones } from '../packages/stores/testing.ts';
import { inject } from 'vitest';
import './cluster.ts';

const open = new Set<StoreClones>();

/**
 * Copies of the named stores (or of all) for this test file. `drop()` may be called in `afterAll`; what is left
 * is dropped when the file ends. Either way a connection that is still open fails the file.
 */
export async function cloneStores(names?: readonly string[]): Promise<StoreClones> {
  const made = await cloneDatabases(inject('testCluster'), names);
  const clones: StoreClones = {
    ...made,
    drop: async () => {
      if (open.delete(clones)) await made.drop();
    },
  };
  open.add(clones);
  return clones;
}

/** Drops every clone of this test file. Throws `connection-leaked` when one is still in use. */
export async function dropClones(): Promise<void> {
  const ends = await Promise.allSettled([...open].map((clones) => clones.drop()));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

import { proveServerAtRest } from '@cordon/stores';
import type { Stores } from './stores.ts';
import { noTenantContext } from './system-context.ts';

/**
 * `proven: …` where the kernel shows that the clinical store's own server keeps its files on an encrypted volume of this machine,
 * `unknown` everywhere else: what cannot be seen from here is taken on nobody's word.
 */
export async function tellAtRest(stores: Stores, folder: string | undefined): Promise<string> {
  if (folder === undefined) return 'unknown';
  const { rows } = await stores.pools.engine_jobs.query<{ identifier: string }>(
    noTenantContext(),
    'SELECT system_identifier::text AS identifier FROM pg_control_system()',
  );
  const proof = await proveServerAtRest(folder, rows[0]?.identifier ?? '');
  return proof.state === 'proven' ? `proven: ${proof.by}` : 'unknown';
}

import type { RequestCaller } from '../../caller/caller.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';

/** Whether a later entry stands in the place of this one, as row security shows it to the caller. */
export async function isAmended(engine: EngineContext, caller: RequestCaller, id: string): Promise<boolean> {
  const { rows } = await engine.stores
    .readAs(caller)
    .query('SELECT FROM clinical.clinical_records WHERE tenant_id = $1 AND supersedes_id = $2 LIMIT 1', [
      caller.tenantId,
      id,
    ]);
  return rows.length > 0;
}

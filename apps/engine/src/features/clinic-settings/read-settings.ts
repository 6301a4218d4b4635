import type { RequestCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import type { EngineContext } from '../../walk/engine-context.ts';
import { decideSettings } from './decide-settings.ts';

export interface ClinicSettings {
  readonly keepsFormPictures: boolean;
}

/**
 * Settings tell of no patient, so that reading them leaves no entry but a refusal.
 * @throws EngineError `access-denied`, `record-unknown`
 */
export async function readSettings(
  engine: EngineContext,
  caller: RequestCaller,
  clinicId: string,
): Promise<ClinicSettings> {
  await decideSettings(engine, caller, clinicId);
  const { rows } = await engine.stores
    .readAs(caller)
    .query<{ keeps: boolean }>(
      'SELECT keeps_form_pictures AS keeps FROM clinical.clinics WHERE tenant_id = $1 AND id = $2',
      [caller.tenantId, clinicId],
    );
  const [row] = rows;
  if (row === undefined) throw new EngineError('record-unknown');
  return { keepsFormPictures: row.keeps };
}

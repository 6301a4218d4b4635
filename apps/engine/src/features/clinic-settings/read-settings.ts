import type { Transaction } from '@cordon/row-security';
import type { RequestCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import { decideOrRefuse } from '../../pipeline/decide.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { settingsSubject } from './settings-subject.ts';

export interface ClinicSettings {
  readonly keepsFormPictures: boolean;
  readonly redFlags: string[];
  readonly telephone: string | null;
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
  const { tenantId } = caller;
  await decideOrRefuse(engine, caller, settingsSubject(clinicId), { tenantId, clinicId });
  return readSettingsIn(engine.stores.readAs(caller), tenantId, clinicId);
}

/** @throws EngineError `record-unknown` */
export async function readSettingsIn(
  transaction: Transaction,
  tenantId: string,
  clinicId: string,
): Promise<ClinicSettings> {
  const { rows } = await transaction.query<ClinicSettings>(
    `SELECT keeps_form_pictures AS "keepsFormPictures", red_flags AS "redFlags", telephone FROM clinical.clinics
     WHERE tenant_id = $1 AND id = $2`,
    [tenantId, clinicId],
  );
  const [row] = rows;
  if (row === undefined) throw new EngineError('record-unknown');
  return row;
}

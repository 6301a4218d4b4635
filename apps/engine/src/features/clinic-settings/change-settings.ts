import type { RequestCaller } from '../../caller/caller.ts';
import { EngineError } from '../../error.ts';
import { changeCommon } from '../../pipeline/change-common.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { settingsSubject } from './settings-subject.ts';
import { readSettingsIn, type ClinicSettings } from './read-settings.ts';

/**
 * Changes what is named and leaves the rest. Answers the settings as they then are.
 * @throws EngineError `access-denied`, `record-unknown`, `audit-unavailable`
 */
export function changeSettings(
  engine: EngineContext,
  caller: RequestCaller,
  clinicId: string,
  change: { readonly [Name in keyof ClinicSettings]?: ClinicSettings[Name] | undefined },
): Promise<ClinicSettings> {
  const { tenantId } = caller;
  return changeCommon(engine, caller, {
    subject: settingsSubject(clinicId),
    clinicId,
    work: async (transaction) => {
      const { rowCount } = await transaction.query(
        `UPDATE clinical.clinics SET keeps_form_pictures = coalesce($3, keeps_form_pictures), red_flags = coalesce($4, red_flags),
           telephone = CASE WHEN $5 THEN $6 ELSE telephone END
         WHERE tenant_id = $1 AND id = $2`,
        [
          tenantId,
          clinicId,
          change.keepsFormPictures ?? null,
          change.redFlags ?? null,
          change.telephone !== undefined,
          change.telephone ?? null,
        ],
      );
      if (rowCount !== 1) throw new EngineError('record-unknown');
      return readSettingsIn(transaction, tenantId, clinicId);
    },
  });
}

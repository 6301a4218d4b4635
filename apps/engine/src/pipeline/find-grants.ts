import type { BreakGlassGrant, DataClassId } from '@cordon/access-policy';
import type { RequestCaller } from '../caller/caller.ts';
import type { RecordRow } from './disclose-records.ts';
import type { EngineContext } from './engine-context.ts';

/** The column by which a query says that a break-glass grant opens its row. */
export const emergencyColumn = <Class extends DataClassId, Column extends string>(
  dataClass: Class,
  patientColumn: Column,
) =>
  `${patientColumn} = ANY ((SELECT clinical.emergency_patients('${dataClass}'))::uuid[]) AS emergency` as const;

/** The caller's current break-glass grants for rows that need one, by patient; the newest where there are several. */
export async function findGrants(
  engine: EngineContext,
  caller: RequestCaller,
  rows: readonly RecordRow[],
): Promise<ReadonlyMap<string, BreakGlassGrant>> {
  const patientIds = rows.filter((row) => row.emergency === true).map((row) => row.patient_id);
  if (patientIds.length === 0) return new Map();
  const { rows: grants } = await engine.stores
    .readAs(caller)
    .query<{ patient_id: string; granted_at: Date; expires_at: Date }>(
      `SELECT patient_id, granted_at, expires_at FROM clinical.break_glass_grants
       WHERE tenant_id = $1 AND account_id = $2 AND patient_id = ANY ($3::uuid[]) AND expires_at > now()
       ORDER BY granted_at`,
      [caller.tenantId, caller.subject, patientIds],
    );
  return new Map(
    grants.map((grant) => [
      grant.patient_id,
      {
        tenantId: caller.tenantId,
        subject: caller.subject,
        patientRecordId: grant.patient_id,
        grantedAt: grant.granted_at.getTime(),
        expiresAt: grant.expires_at.getTime(),
      },
    ]),
  );
}

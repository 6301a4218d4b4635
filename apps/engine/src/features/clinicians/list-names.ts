import { EngineError } from '../../error.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { openForTenant } from '../../pipeline/tenant-cells.ts';
import { clinicianTable } from './clinician-table.ts';

/** Far more than one clinic employs; those who work there now come first. */
const mostNames = 200;

interface NamedRow {
  readonly id: string;
  readonly key_id: string;
  readonly full_name: Buffer;
}

/**
 * What the clinicians of a clinic are called, also those who have left, to be searched for in a text. Called after the audit entry is
 * durable, and only then.
 * @throws EngineError `keys-unavailable` where a name does not open: what cannot be read cannot be searched for
 */
export async function listClinicianNames(
  engine: EngineContext,
  { tenantId, clinicId }: { readonly tenantId: string; readonly clinicId: string },
): Promise<string[]> {
  const jobs = engine.stores.jobsOf(tenantId);
  const { rows } = await jobs.query<NamedRow>(
    `SELECT id, key_id, full_name FROM clinical.clinicians WHERE tenant_id = $1 AND clinic_id = $2 AND full_name IS NOT NULL
     ORDER BY ended_at NULLS FIRST, id LIMIT ${mostNames}`,
    [tenantId, clinicId],
  );
  const cells = rows.map(({ id, key_id: keyId, full_name: ciphertext }) => ({
    table: clinicianTable,
    column: 'full_name',
    rowId: id,
    keyId,
    ciphertext,
  }));
  const names = await openForTenant(engine, jobs, tenantId, cells);
  return names.map((name) => {
    if (name === null)
      throw new EngineError('keys-unavailable', { detail: 'a clinician’s name does not open' });
    return name;
  });
}

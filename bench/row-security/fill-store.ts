import { randomUUID } from 'node:crypto';
import pg from 'pg';

export interface FilledStore {
  readonly tenantId: string;
  readonly clinicId: string;
  /** Every clinic of the tenant; the caller works in all of them. */
  readonly clinicIds: string[];
  readonly patientId: string;
}

const clinicsPerTenant = 4;

/** Rows of many tenants, as the administrator; the ciphertext is one and the same, since nobody opens it here. */
export async function fillStore(
  admin: pg.ClientConfig,
  options: { rows: number; tenants: number; subject: string },
): Promise<FilledStore> {
  const client = new pg.Client(admin);
  await client.connect();
  try {
    const tenantIds = Array.from({ length: options.tenants }, () => randomUUID());
    await client.query(
      `INSERT INTO clinical.tenants (tenant_id, slug) SELECT id, 'tenant-' || n FROM unnest($1::uuid[]) WITH ORDINALITY AS t (id, n)`,
      [tenantIds],
    );
    await client.query(
      `INSERT INTO clinical.clinics (tenant_id, id, slug)
       SELECT t.tenant_id, gen_random_uuid(), 'clinic-' || n FROM clinical.tenants t, generate_series(1, $1) n`,
      [clinicsPerTenant],
    );
    await client.query(
      `INSERT INTO clinical.memberships (tenant_id, account_id, role, clinic_id)
       SELECT tenant_id, $1, 'role.clinician', id FROM clinical.clinics WHERE tenant_id = $2`,
      [options.subject, tenantIds[0]],
    );
    await client.query(
      `INSERT INTO clinical.patients (tenant_id, id, clinic_id, key_id, full_name, date_of_birth, created_at)
       SELECT c.tenant_id, gen_random_uuid(), c.id, 'k', cell, cell, now() - random() * interval '3 years'
       FROM (SELECT cordon.seal_cell('\\x00112233445566778899aabbccddeeff416461', 'k') AS cell) s, clinical.clinics c,
         generate_series(1, $1)`,
      [Math.floor(options.rows / (options.tenants * clinicsPerTenant))],
    );
    await client.query('CREATE SCHEMA bench');
    await client.query('CREATE TABLE bench.patients (LIKE clinical.patients INCLUDING ALL)');
    await client.query('INSERT INTO bench.patients SELECT * FROM clinical.patients');
    await client.query('GRANT USAGE ON SCHEMA bench TO engine_clinical');
    await client.query('GRANT SELECT ON bench.patients TO engine_clinical');
    await client.query('VACUUM ANALYZE clinical.patients, bench.patients, clinical.memberships');
    const { rows } = await client.query<{ tenant_id: string; id: string; clinic_id: string }>(
      'SELECT tenant_id, id, clinic_id FROM clinical.patients WHERE tenant_id = $1 LIMIT 1',
      [tenantIds[0]],
    );
    const clinics = await client.query<{ id: string }>(
      'SELECT id FROM clinical.clinics WHERE tenant_id = $1',
      [tenantIds[0]],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('the store stayed empty');
    return {
      tenantId: row.tenant_id,
      clinicId: row.clinic_id,
      clinicIds: clinics.rows.map((clinic) => clinic.id),
      patientId: row.id,
    };
  } finally {
    await client.end();
  }
}

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
const tables = ['patients', 'memberships', 'restrictions'] as const;

/**
 * Fills the two tables of patients without minding their indexes, which are made when they are full: both as compact as the
 * other, and in a fraction of the time. The rows are whole by construction, so no foreign key is checked either.
 */
async function withIndexesMadeLater(client: pg.Client, fill: () => Promise<void>): Promise<void> {
  const minded = (are: boolean) =>
    client.query(
      `UPDATE pg_index SET indisready = $1, indisvalid = $1
       WHERE indrelid IN ('clinical.patients'::regclass, 'bench.patients'::regclass)`,
      [are],
    );
  await client.query(`SET allow_system_table_mods = on; SET session_replication_role = replica;
    SET maintenance_work_mem = '512MB'`);
  await minded(false);
  await fill();
  await minded(true);
  for (const table of ['clinical.patients', 'bench.patients']) await client.query(`REINDEX TABLE ${table}`);
  await client.query('RESET session_replication_role; RESET allow_system_table_mods');
}

/**
 * Rows of many tenants, made in the server by the administrator; the ciphertext is one and the same, since nobody opens it here.
 * `subject` works as a clinician in every clinic of one tenant, and administers the whole of it under another role.
 */
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
       SELECT tenant_id, $1::uuid, 'role.clinician', id FROM clinical.clinics WHERE tenant_id = $2
       UNION ALL SELECT $2::uuid, $1::uuid, 'role.corporateAdmin', NULL`,
      [options.subject, tenantIds[0]],
    );
    // Other people's memberships, as many as clinics have: a look-up must not be fast because its table is empty.
    await client.query(
      `INSERT INTO clinical.memberships (tenant_id, account_id, role, clinic_id)
       SELECT tenant_id, gen_random_uuid(), 'role.clinician', id FROM clinical.clinics, generate_series(1, 5)`,
    );
    await client.query('CREATE SCHEMA bench');
    for (const table of tables)
      await client.query(`CREATE TABLE bench.${table} (LIKE clinical.${table} INCLUDING ALL)`);
    await withIndexesMadeLater(client, async () => {
      await client.query(
        `INSERT INTO clinical.patients (tenant_id, id, clinic_id, key_id, full_name, date_of_birth, created_at)
         SELECT c.tenant_id, gen_random_uuid(), c.id, 'k', cell, cell, now() - random() * interval '3 years'
         FROM (SELECT cordon.seal_cell('\\x00112233445566778899aabbccddeeff416461', 'k') AS cell) s, clinical.clinics c,
           generate_series(1, $1)`,
        [Math.floor(options.rows / (options.tenants * clinicsPerTenant))],
      );
      for (const table of tables)
        await client.query(`INSERT INTO bench.${table} SELECT * FROM clinical.${table}`);
    });
    await client.query('GRANT USAGE ON SCHEMA bench TO engine_clinical');
    await client.query('GRANT SELECT ON ALL TABLES IN SCHEMA bench TO engine_clinical');
    await client.query('VACUUM (FREEZE, ANALYZE)');
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

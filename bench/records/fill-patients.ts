import type { StoreClones } from '@cordon/stores/testing';
import pg from 'pg';

const otherTenants = 49;

/**
 * Fills the clinical store up to so many patients of fifty tenants, and a table in plain text beside it. What is added is older
 * than the patients that are there and carries one ciphertext that nobody opens.
 */
export async function fillPatients(
  stores: StoreClones,
  first: { readonly tenantId: string; readonly clinicId: string },
  patients: number,
): Promise<void> {
  const client = new pg.Client(stores.admin('clinical'));
  await client.connect();
  try {
    await client.query('CREATE TEMP TABLE tenants_of_bench (n integer, tenant_id uuid, clinic_id uuid)');
    await client.query(
      `INSERT INTO tenants_of_bench SELECT 0, $1::uuid, $2::uuid
       UNION ALL SELECT n, gen_random_uuid(), gen_random_uuid() FROM generate_series(1, $3::integer) n`,
      [first.tenantId, first.clinicId, otherTenants],
    );
    await client.query(
      `INSERT INTO clinical.tenants (tenant_id, slug) SELECT tenant_id, 'bench-' || n FROM tenants_of_bench WHERE n > 0`,
    );
    await client.query(
      `INSERT INTO clinical.clinics (tenant_id, id, slug) SELECT tenant_id, clinic_id, 'bench-' || n FROM tenants_of_bench WHERE n > 0`,
    );
    await client.query(
      `INSERT INTO clinical.patients (tenant_id, id, clinic_id, key_id, full_name, date_of_birth, created_at)
       SELECT t.tenant_id, gen_random_uuid(), t.clinic_id, 'bench', cell.sealed, cell.sealed, now() - make_interval(secs => 3600 + g)
       FROM generate_series(1, $1::integer) g
       JOIN tenants_of_bench t ON t.n = g % $2::integer,
       (SELECT cordon.seal_cell(convert_to('0123456789abcdef Petra Patientson', 'UTF8'), 'bench') AS sealed OFFSET 0) cell`,
      [patients, otherTenants + 1],
    );
    await client.query(
      `CREATE TABLE public.bench_list AS SELECT tenant_id, id, clinic_id, created_at, 'Petra Patientson'::text AS full_name,
         '1984-03-17'::text AS date_of_birth FROM clinical.patients`,
    );
    await client.query('ALTER TABLE public.bench_list ADD PRIMARY KEY (tenant_id, id)');
    await client.query('CREATE INDEX ON public.bench_list (tenant_id, clinic_id, created_at DESC, id DESC)');
    await client.query('VACUUM ANALYZE clinical.patients');
    await client.query('VACUUM ANALYZE public.bench_list');
  } finally {
    await client.end();
  }
}

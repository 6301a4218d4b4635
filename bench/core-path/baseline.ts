import type { StoreClones } from '@cordon/stores/testing';
import Fastify from 'fastify';
import pg from 'pg';

const columns = 'full_name, date_of_birth, phone, email, address, nhs_number, emergency_contact';
const tenant = '11111111-1111-4111-8111-111111111111';
const patient = '22222222-2222-4222-8222-222222222222';

/** What somebody would write who had no duties: one table in plain text, one query, one answer. */
export async function startBaseline(stores: StoreClones): Promise<{ url: string; close(): Promise<void> }> {
  const pool = new pg.Pool({ ...stores.admin('clinical'), max: 10 });
  await pool.query(
    `CREATE TABLE public.bench_patients (tenant_id uuid, id uuid, clinic_id uuid, created_at timestamptz,
       full_name text, date_of_birth text, phone text, email text, address text, nhs_number text,
       emergency_contact text, PRIMARY KEY (tenant_id, id))`,
  );
  await pool.query(
    `INSERT INTO public.bench_patients VALUES ($1, $2, $1, now(), 'Petra Patientson', '1984-03-17', '01632960123')`,
    [tenant, patient],
  );
  const server = Fastify();
  server.get<{ Params: { id: string } }>('/v1/patients/:id', async (request) => {
    const { rows } = await pool.query(
      `SELECT id, clinic_id, created_at, ${columns} FROM public.bench_patients WHERE tenant_id = $1 AND id = $2`,
      [tenant, request.params.id],
    );
    return rows[0] as unknown;
  });
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    url: `${address}/v1/patients/${patient}`,
    async close() {
      await server.close();
      await pool.end();
    },
  };
}

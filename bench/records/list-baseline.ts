import type { StoreClones } from '@cordon/stores/testing';
import Fastify from 'fastify';
import pg from 'pg';

/** What somebody would write who had no duties: plain text, an explicit WHERE, one query an answer. */
export async function startListBaseline(
  stores: StoreClones,
  of: { readonly tenantId: string; readonly clinicId: string; readonly patientId: string },
): Promise<{ list: string; read: string; close(): Promise<void> }> {
  const pool = new pg.Pool({ ...stores.admin('clinical'), max: 10 });
  const columns = 'id, clinic_id, created_at, full_name, date_of_birth';
  const server = Fastify();
  server.get('/list', async () => {
    const { rows } = await pool.query(
      `SELECT ${columns} FROM public.bench_list WHERE tenant_id = $1 AND clinic_id = $2
       ORDER BY created_at DESC, id DESC LIMIT 50`,
      [of.tenantId, of.clinicId],
    );
    return { items: rows as unknown[] };
  });
  server.get('/read', async () => {
    const { rows } = await pool.query(
      `SELECT ${columns} FROM public.bench_list WHERE tenant_id = $1 AND id = $2`,
      [of.tenantId, of.patientId],
    );
    return rows[0] as unknown;
  });
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    list: `${address}/list`,
    read: `${address}/read`,
    async close() {
      await server.close();
      await pool.end();
    },
  };
}

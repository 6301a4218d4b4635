import pg from 'pg';
import type { TestEngine } from './run-engine.ts';

const counted = {
  'clinical.patients': 'SELECT count(*)::int AS n FROM clinical.patients',
  'clinical.intake_forms': 'SELECT count(*)::int AS n FROM clinical.intake_forms',
  'clinical.intake_pictures': 'SELECT count(*)::int AS n FROM clinical.intake_pictures',
  'clinical.outbox': 'SELECT count(*)::int AS n FROM clinical.outbox',
  'vault.patient_keys': 'SELECT count(*)::int AS n FROM vault.patient_keys',
} as const;

/** How many rows an intake may have left, table by table. */
export async function countRows(engine: TestEngine): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [table, statement] of Object.entries(counted)) {
    const client = new pg.Client(engine.stores.admin(table.slice(0, table.indexOf('.'))));
    await client.connect();
    const { rows } = await client.query<{ n: number }>(statement);
    counts[table] = rows[0]?.n ?? -1;
    await client.end();
  }
  return counts;
}

import { createSecretKey, randomUUID } from 'node:crypto';
import { createSealedPool } from '@cordon/row-security';
import { sealKeyId } from '@cordon/stores';
import { cloneDatabases, type TestClusterInfo } from '@cordon/stores/testing';
import pg from 'pg';
import { formatCount, type BenchRow } from '../row.ts';
import { fillStore } from '../row-security/fill-store.ts';

const asked = 2_000;
const warmUp = 100;

/**
 * One patient by one blind token, under row security, beside one person by a number in the clear over a btree of the same size
 * with an explicit WHERE. The two alternate; middle of the times.
 */
export async function benchSearch(cluster: TestClusterInfo, patients: number): Promise<BenchRow> {
  const stores = await cloneDatabases(cluster, ['clinical']);
  const subject = randomUUID();
  const filled = await fillStore(stores.admin('clinical'), { rows: patients, tenants: 50, subject });
  const admin = new pg.Client(stores.admin('clinical'));
  await admin.connect();
  await admin.query('BEGIN');
  await admin.query('SET LOCAL session_replication_role = replica');
  await admin.query(
    `INSERT INTO clinical.patient_search_tokens (tenant_id, token, patient_id, clinic_id, token_key_id)
     SELECT tenant_id, sha256(id::text::bytea), id, clinic_id, 'k' FROM clinical.patients`,
  );
  await admin.query('COMMIT');
  await admin.query(
    `CREATE TABLE bench.people AS SELECT tenant_id, id, clinic_id, id::text AS nhs_number FROM clinical.patients`,
  );
  await admin.query('CREATE INDEX ON bench.people (tenant_id, nhs_number)');
  await admin.query('GRANT SELECT ON bench.people TO engine_clinical');
  await admin.query('VACUUM ANALYZE clinical.patient_search_tokens, bench.people');
  const { rows } = await admin.query<{ token: Buffer; nhs_number: string }>(
    `SELECT sha256(id::text::bytea) AS token, nhs_number FROM bench.people WHERE tenant_id = $1 LIMIT $2`,
    [filled.tenantId, asked + warmUp],
  );
  await admin.end();
  const raw = stores.sealKey('clinical');
  const connection = stores.connection('clinical', 'engine_clinical');
  const sealed = createSealedPool({
    connection,
    key: { keyId: sealKeyId(raw), key: createSecretKey(raw) },
    sharedConnections: 1,
    tenantConnections: 1,
  });
  const bare = new pg.Client({ ...connection, pipeline: true });
  await bare.connect();
  const context = {
    tenantId: filled.tenantId,
    subject,
    role: 'role.clinician',
    clinicIds: filled.clinicIds,
    readable: ['patientProfile'],
    writable: [],
    expiresAt: new Date(Date.now() + 3_600_000),
  };
  const times: [number[], number[]] = [[], []];
  try {
    for (const [turn, row] of rows.entries()) {
      const ways = [
        () =>
          sealed.query(
            context,
            'SELECT patient_id FROM clinical.patient_search_tokens WHERE tenant_id = $1 AND token = $2',
            [filled.tenantId, row.token],
          ),
        () =>
          bare.query({
            name: 'plain',
            text: 'SELECT id FROM bench.people WHERE tenant_id = $1 AND nhs_number = $2',
            values: [filled.tenantId, row.nhs_number],
          }),
      ];
      for (const [index, ask] of ways.entries()) {
        const start = performance.now();
        const { rowCount } = await ask();
        if (rowCount !== 1) throw new Error('a patient was not found');
        if (turn >= warmUp) times[index]?.push(performance.now() - start);
      }
    }
  } finally {
    await bare.end();
    await sealed.close();
    await stores.drop();
  }
  const [value = 0, plain = 0] = times.map((all) => all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0);
  return {
    name: `exact search over ${formatCount(patients)} patients of 50 tenants`,
    value,
    unit: 'ms',
    baseline: `btree equality on a plain column, prepared, no row security: ${plain.toFixed(3)} ms`,
    ratio: value / plain,
  };
}

import { createSecretKey, randomUUID } from 'node:crypto';
import { createSealedPool, type SealedPool } from '@cordon/row-security';
import { sealKeyId } from '@cordon/stores';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAuditAppender } from '../../apps/engine/src/audit/appender.ts';
import type { AuditEntry } from '../../apps/engine/src/audit/entry.ts';
import { openAuditStore, type TestAuditStore } from './audit-store.ts';

let store: TestAuditStore;
let pool: SealedPool;
beforeAll(async () => {
  store = await openAuditStore();
  const raw = store.stores.sealKey('audit');
  pool = createSealedPool({
    connection: store.stores.connection('audit', 'engine_audit'),
    key: { keyId: sealKeyId(raw), key: createSecretKey(raw) },
  });
});
afterAll(async () => {
  await pool.close();
  await store.close();
});

const entryOf = (more: Partial<AuditEntry> = {}): AuditEntry => ({
  id: randomUUID(),
  initiatorType: 'user',
  action: 'record.opened',
  dataClassIds: ['patientProfile', 'clinicalRecord'],
  decision: 'permit',
  reasonCode: 'granted',
  outcome: 'none',
  ...more,
});

it('gives each of a thousand entries a salt of its own, whole, and each column its value', async () => {
  const entries = Array.from({ length: 1_000 }, (_, turn) => entryOf({ recordCount: turn }));
  await createAuditAppender(pool).append(entries);
  const rows = await store.query<{
    id: string;
    record_count: number;
    data_class_ids: string[];
    salt: Buffer;
  }>('SELECT id, record_count, data_class_ids, salt FROM audit.audit_logs ORDER BY record_count');
  expect(rows.map(({ id, record_count }) => [id, record_count])).toEqual(
    entries.map(({ id, recordCount }) => [id, recordCount]),
  );
  expect(rows[999]?.data_class_ids).toEqual(['patientProfile', 'clinicalRecord']);
  expect(new Set(rows.map(({ salt }) => salt.toString('hex'))).size).toBe(1_000);
  // Not one drawn after the other's bytes either: the halves are as distinct as the whole.
  expect(
    new Set(rows.flatMap(({ salt }) => [salt.toString('hex', 0, 16), salt.toString('hex', 16)])).size,
  ).toBe(2_000);
});

it('keeps quotes and backslashes where they belong: such a value reaches the checks as it is, and is refused', async () => {
  const odd = entryOf({ requestId: 'a"b\\c,NULL}' });
  await expect(createAuditAppender(pool).append([odd])).rejects.toMatchObject({ code: 'audit-unavailable' });
  const plain = entryOf({ requestId: 'null' });
  await createAuditAppender(pool).append([plain]);
  expect(await store.query('SELECT request_id FROM audit.audit_logs WHERE id = $1', [plain.id])).toEqual([
    { request_id: 'null' },
  ]);
});

import { DATA_CLASS_IDS } from '@cordon/access-policy';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneStores } from '../../testing/stores.ts';
import { auditEncryption } from './index.ts';

const options = {
  dataClasses: new Set<string>(DATA_CLASS_IDS),
  exceptTables: ['cordon.migrations'],
  exceptSchemas: ['graphile_worker'],
};
let stores: Awaited<ReturnType<typeof cloneStores>>;
beforeAll(async () => {
  stores = await cloneStores();
});
afterAll(() => stores.drop());

/** What the audit finds once the statements have run; they are undone. */
async function auditAfter(store: string, ...statements: string[]) {
  const client = new pg.Client(stores.admin(store));
  await client.connect();
  try {
    await client.query('BEGIN');
    for (const statement of statements) await client.query(statement);
    return await auditEncryption(client, options);
  } finally {
    await client.end();
  }
}

const opened = `pgcrypto.pgp_sym_decrypt_bytea(phone::bytea, 'k')`;
const classify = (column: string, sensitivity: string) =>
  `COMMENT ON COLUMN clinical.patients.${column} IS 'class=patientProfile sensitivity=${sensitivity}'`;

describe('the audit', () => {
  it.each([
    ['unclassified', 'clinical.patients.shoe_size', ['ALTER TABLE clinical.patients ADD shoe_size integer']],
    ['class-unknown', 'clinical.patients.shoe_size', [
      'ALTER TABLE clinical.patients ADD shoe_size integer',
      `COMMENT ON COLUMN clinical.patients.shoe_size IS 'class=shoes sensitivity=structural'`,
    ]],
    ['phi-in-the-clear', 'clinical.patients.shoe_size', [
      'ALTER TABLE clinical.patients ADD shoe_size text', classify('shoe_size', 'phi'),
    ]],
    ['ciphertext-as-structural', 'clinical.patients.phone', [classify('phone', 'structural')]],
    ['looks-personal', 'clinical.patients.maiden_name', [
      'ALTER TABLE clinical.patients ADD maiden_name text', classify('maiden_name', 'structural'),
    ]],
    ['default', 'clinical.patients.phone', [
      `ALTER TABLE clinical.patients ALTER phone SET DEFAULT cordon.seal_cell('x', 'k')`,
    ]],
    ['generated', 'clinical.patients.phone_text', [
      `ALTER TABLE clinical.patients ADD phone_text text GENERATED ALWAYS AS (encode(phone::bytea, 'hex')) STORED`,
      classify('phone_text', 'structural'),
    ]],
    ['trigger', 'clinical.patients: copies', [
      `CREATE FUNCTION clinical.copies() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pgcrypto.pgp_sym_decrypt_bytea(NEW.phone, ''k''); RETURN NEW; END'`,
      'CREATE TRIGGER copies BEFORE INSERT ON clinical.patients FOR EACH ROW EXECUTE FUNCTION clinical.copies()',
    ]],
    ['index', 'clinical.by_phone', [`CREATE INDEX by_phone ON clinical.patients (phone)`]],
    ['index', 'clinical.by_digest', [`CREATE INDEX by_digest ON clinical.patients (sha256(phone::bytea))`]],
    ['view', 'clinical.phones', [`CREATE VIEW clinical.phones AS SELECT ${opened} AS phone FROM clinical.patients`]],
    ['view', 'clinical.kept', [`CREATE MATERIALIZED VIEW clinical.kept AS SELECT ${opened} AS phone FROM clinical.patients`]],
    ['statistics', 'clinical.of_phones', [`CREATE STATISTICS clinical.of_phones ON phone, email FROM clinical.patients`]],
    ['constraint', 'clinical.patients: long_phone', [
      `ALTER TABLE clinical.patients ADD CONSTRAINT long_phone CHECK (length(${opened}) > 3)`,
    ]],
    ['policy', 'clinical.patients: by_phone', [
      `CREATE POLICY by_phone ON clinical.patients FOR SELECT TO engine_clinical USING (${opened} IS NOT NULL)`,
    ]],
    ['rule', 'clinical.patients: copied', [
      `CREATE TABLE clinical.copy (phone bytea)`,
      `CREATE RULE copied AS ON INSERT TO clinical.patients DO ALSO INSERT INTO clinical.copy
        SELECT pgcrypto.pgp_sym_decrypt_bytea(NEW.phone::bytea, 'k')`,
    ]],
  ] as const)('names a planted fault: %s at %s', async (kind, place, statements) => {
    const { findings } = await auditAfter('clinical', ...statements);
    expect(findings).toContainEqual({ kind, place });
  }); // prettier-ignore
});

import { fileURLToPath } from 'node:url';
import { loadPolicy } from '@cordon/access-policy';
import {
  exitCodeOf,
  type Proof,
  prove,
  type ProverConfig,
  renderText,
  totalsOf,
} from '@cordon/row-security/prover';
import { readStoreDefinitions } from '@cordon/stores';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { cloneStores } from '../../../../testing/stores.ts';
import { cordonConfig } from './rls-cordon.ts';

const folder = (name: string): string => fileURLToPath(new URL(`../../../../${name}`, import.meta.url));
const definitions = await readStoreDefinitions(folder('database'));
const policy = await loadPolicy(folder('config'));

/** Proves a fresh clone of a store, after a change to it. */
async function proveClone(
  store: string,
  sql = '',
  change: (config: ProverConfig) => Partial<ProverConfig> = () => ({}),
): Promise<Proof> {
  const definition = definitions.find((each) => each.store === store);
  if (!definition) throw new TypeError(`there is no store ${store}`);
  const stores = await cloneStores([store]);
  try {
    const client = new pg.Client(stores.admin(store));
    await client.connect();
    await client.query(sql);
    await client.end();
    const config = cordonConfig(definition, definition.sealed ? stores.sealKey(store) : undefined, policy);
    return await prove({
      config: { ...config, ...change(config) },
      scratch: { administrator: stores.admin(store), loginOf: (role) => stores.connection(store, role) },
    });
  } finally {
    await stores.drop();
  }
}

describe('the stores of this checkout', () => {
  let proofs: Map<string, Proof>;
  beforeAll(async () => {
    proofs = new Map(
      await Promise.all(definitions.map(async ({ store }) => [store, await proveClone(store)] as const)),
    );
    // Five stores, every role, every table: on two cores this is the longest wait of the suite.
  });

  it.each(definitions.map((each) => each.store))('%s: no attack crosses a wall', (store) => {
    const proof = proofs.get(store) as Proof;
    // The report names table, channel, SQL and fix of whatever came through or could not be run.
    expect(exitCodeOf([proof]), renderText([proof])).toBe(0);
    expect(totalsOf([proof]).attacks).toBeGreaterThan(300);
  });
});

const gatesOnly = (): Partial<ProverConfig> => ({ loginRoles: [] });

describe('a migration that adds a clinical table', () => {
  it('without policy, data classes or composite key fails, and hears what to add', async () => {
    const text = renderText([
      await proveClone(
        'clinical',
        `CREATE TABLE clinical.x (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, patient_id uuid NOT NULL, note text);
         CREATE TABLE clinical.y (id uuid PRIMARY KEY)`,
        gatesOnly,
      ),
    ]);
    for (const part of [
      'clinical.x  gate.row-security',
      'clinical.x  gate.policy-missing',
      'clinical.x  gate.key-tenant',
      'Clinical tables have PRIMARY KEY (tenant_id, id)',
      "SELECT clinical.protect_patient_table('clinical.x', '<data class>')",
      'clinical.x  gate.column-comment',
      "SELECT cordon.classify_columns('clinical.x', '<data class>', '{structural columns}')",
      'clinical.y  gate.tenant-column',
    ])
      expect(text).toContain(part);
  });

  it('through the template passes', async () => {
    const proof = await proveClone(
      'clinical',
      `CREATE TABLE clinical.x (tenant_id uuid NOT NULL, id uuid NOT NULL, clinic_id uuid NOT NULL, patient_id uuid NOT NULL, PRIMARY KEY (tenant_id, id),
         FOREIGN KEY (tenant_id, patient_id, clinic_id) REFERENCES clinical.patients (tenant_id, id, clinic_id) ON UPDATE CASCADE);
       SELECT cordon.classify_columns('clinical.x', 'clinicalRecord', '{tenant_id,id,clinic_id,patient_id}');
       SELECT clinical.protect_patient_table('clinical.x', 'clinicalRecord')`,
      gatesOnly,
    );
    expect(exitCodeOf([proof]), renderText([proof])).toBe(0);
  });
});

describe('a hole in the clinical store', () => {
  /** Each opens the table to callers of one role, so that one proof finds them apart. */
  const holes = [
    ['rows.select', 'clinician', 'FOR SELECT TO engine_clinical USING (tenant_id = cordon.tenant_id()'],
    [
      'rows.insert',
      'receptionist',
      'FOR INSERT TO engine_clinical WITH CHECK (tenant_id = cordon.tenant_id()',
    ],
    [
      'rows.select',
      'patient',
      'FOR SELECT TO engine_clinical USING (clinic_id = (SELECT m.clinic_id FROM clinical.my_memberships m LIMIT 1)',
    ],
    [
      'rows.select',
      'externalContractor',
      'FOR SELECT TO engine_clinical USING (tenant_id = cordon.tenant_id()',
    ],
  ] as const;
  let proof: Proof;
  beforeAll(async () => {
    const sql = holes.map(
      ([, caller, opening]) =>
        `CREATE POLICY hole_${caller} ON clinical.alerts ${opening} AND cordon.role() = 'role.${caller}')`,
    );
    proof = await proveClone('clinical', sql.join(';'), (config) => ({
      loginRoles: ['engine_clinical'],
      callers: config.callers.filter((each) => holes.some(([, caller]) => caller === each.name)),
    }));
  });

  it.each(holes)('is found by %s as %s', (channel, caller) => {
    expect(proof.record.attempts('leaked')).toContainEqual(
      expect.objectContaining({
        channel,
        table: 'clinical.alerts',
        as: expect.stringContaining(` as ${caller}`) as string,
      }),
    );
  });
});

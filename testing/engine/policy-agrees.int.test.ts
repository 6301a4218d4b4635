import { createSecretKey, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import {
  ACTIONS,
  type Action,
  type DataClassId,
  loadPolicy,
  ROLE_IDS,
  type SignedInRoleId,
} from '@cordon/access-policy';
import { createSealedPool, type SealedPool, type Transaction } from '@cordon/row-security';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealKeyIdOf } from '../../apps/engine/src/stores/seal-key-id.ts';
import { cloneStores } from '../stores.ts';
import { cell, tables } from './class-tables.ts';

const policy = await loadPolicy(fileURLToPath(new URL('../../config', import.meta.url)));
/** What an action is to the database. Row security tells reading from writing, and not why a row is read. */
const operationOf: Partial<Record<Action, 'select' | 'insert' | 'update' | 'delete'>> = {
  list: 'select',
  read: 'select',
  export: 'select',
  create: 'insert',
  amend: 'insert',
  update: 'update',
  acknowledge: 'update',
  delete: 'delete',
};
const operations = ['select', 'insert', 'update', 'delete'] as const;
type Operation = (typeof operations)[number];

const tenant = randomUUID();
const otherTenant = randomUUID();
const [here, there, abroad] = [randomUUID(), randomUUID(), randomUUID()];

interface Relation {
  readonly tenantId: string;
  readonly clinicId: string;
  readonly patientId: string;
  readonly restricted?: true;
  /** What holds besides: a live grant for the patient, a switch into a clinic, a membership that is over. */
  readonly grant?: true;
  readonly switchedTo?: string;
  readonly ended?: true;
}

const person = (tenantId: string, clinicId: string) => ({ tenantId, clinicId, patientId: randomUUID() });
const own = person(tenant, here);
const neighbour = person(tenant, here);
const elsewhere = person(tenant, there);
const restricted = { ...person(tenant, here), restricted: true } as const;
const relations: Readonly<Record<string, Relation>> = {
  'the own record, or one of the own clinic': own,
  'somebody else of the own clinic': neighbour,
  'another clinic': elsewhere,
  'another tenant': person(otherTenant, abroad),
  'a restricted record of the own clinic': restricted,
  'another clinic, glass broken': { ...elsewhere, grant: true },
  'a restricted record, glass broken': { ...restricted, grant: true },
  'a clinic switched into': { ...neighbour, switchedTo: here },
  'a clinic next to the one switched into': { ...elsewhere, switchedTo: here },
  'a restricted record of the clinic switched into': { ...restricted, switchedTo: here },
  'a clinic that one has left': { ...neighbour, ended: true },
};
const tenantWide: readonly SignedInRoleId[] = [
  'role.corporateAdmin',
  'role.auditor',
  'role.externalContractor',
];

let stores: Awaited<ReturnType<typeof cloneStores>>;
let pool: SealedPool;
let admin: pg.Client;
const accounts = new Map(ROLE_IDS.map((role) => [role, randomUUID()]));
const rowOf = (relation: Relation, dataClass: string): string =>
  dataClass === 'patientProfile'
    ? relation.patientId
    : (planted.get(`${relation.patientId} ${dataClass}`) ?? '');
const planted = new Map<string, string>();

function insertText(dataClass: DataClassId, relation: Relation, id: string): string {
  const found = tables[dataClass];
  if (found === undefined) throw new Error(`no table of ${dataClass}`);
  const owner = dataClass === 'patientProfile' ? {} : { patient_id: `'${relation.patientId}'` };
  const columns: Record<string, string> = {
    tenant_id: `'${relation.tenantId}'`,
    id: `'${id}'`,
    clinic_id: `'${relation.clinicId}'`,
    key_id: `'test'`,
    ...owner,
    ...found.values,
  };
  return `INSERT INTO clinical.${found.table} (${Object.keys(columns).join(', ')}) VALUES (${Object.values(columns).join(', ')})`;
}

beforeAll(async () => {
  stores = await cloneStores(['clinical']);
  admin = new pg.Client(stores.admin('clinical'));
  await admin.connect();
  const clinics = [[tenant, here], [tenant, there], [otherTenant, abroad]]; // prettier-ignore
  for (const id of [tenant, otherTenant])
    await admin.query('INSERT INTO clinical.tenants (tenant_id, slug) VALUES ($1, $2)', [
      id,
      `t-${id.slice(0, 8)}`,
    ]);
  for (const [tenantId, id] of clinics)
    await admin.query('INSERT INTO clinical.clinics (tenant_id, id, slug) VALUES ($1, $2, $3)', [tenantId, id, `c-${String(id).slice(0, 8)}`]); // prettier-ignore
  const people = new Map(Object.values(relations).map((relation) => [relation.patientId, relation]));
  for (const relation of people.values()) {
    await admin.query(insertText('patientProfile', relation, relation.patientId));
    for (const dataClass of Object.keys(tables) as DataClassId[]) {
      if (dataClass === 'patientProfile') continue;
      const id = randomUUID();
      planted.set(`${relation.patientId} ${dataClass}`, id);
      await admin.query(insertText(dataClass, relation, id));
    }
  }
  await admin.query(
    `INSERT INTO clinical.restrictions (tenant_id, id, clinic_id, patient_id, key_id, reason, placed_by)
     VALUES ($1, $2, $3, $4, 'test', ${cell}, $2)`,
    [tenant, randomUUID(), here, restricted.patientId],
  );
  for (const [role, account] of accounts)
    await admin.query(
      'INSERT INTO clinical.memberships (tenant_id, account_id, role, clinic_id, patient_id) VALUES ($1, $2, $3, $4, $5)',
      [
        tenant,
        account,
        role,
        tenantWide.includes(role) ? null : here,
        role === 'role.patient' ? own.patientId : null,
      ],
    );
  const raw = stores.sealKey('clinical');
  pool = createSealedPool({
    connection: stores.connection('clinical', 'engine_clinical'),
    key: { keyId: sealKeyIdOf(raw), key: createSecretKey(raw) },
    maxConnections: 2,
  });
});
afterAll(async () => {
  await pool.close();
  await admin.end();
  await stores.drop();
});

const callerOf = (role: SignedInRoleId, relation: Relation) => ({
  tenantId: tenant,
  clinicIds: tenantWide.includes(role) || relation.ended === true ? [] : [here],
  role,
  subject: accounts.get(role) ?? '',
  patientRecordId: role === 'role.patient' && relation.ended !== true ? own.patientId : undefined,
  factorAgeSeconds: 0,
});

function decide(role: SignedInRoleId, action: Action, dataClass: DataClassId, relation: Relation): boolean {
  const { tenantId, clinicId, patientId } = relation;
  const now = Date.now();
  const caller = callerOf(role, relation);
  const breakGlass = {
    tenantId: tenant,
    subject: caller.subject,
    patientRecordId: patientId,
    grantedAt: now,
    expiresAt: now + 1_000,
  };
  return (
    policy.decide(
      caller,
      action,
      dataClass,
      { tenantId, clinicId, patientRecordId: patientId, restricted: relation.restricted },
      { now, activeClinicId: relation.switchedTo, ...(relation.grant === true && { breakGlass }) },
    ).decision === 'permit'
  );
}

/** Whether row security lets the statement do its one row; whatever it did is taken back. */
async function lets(transaction: Transaction, text: string): Promise<boolean> {
  await transaction.query('SAVEPOINT tried');
  try {
    return (await transaction.query(text)).rowCount === 1;
  } catch (error) {
    if ((error as { code?: string }).code === '42501') return false;
    throw error;
  } finally {
    await transaction.query('ROLLBACK TO SAVEPOINT tried');
  }
}

const statements: Record<Operation, (dataClass: DataClassId, relation: Relation) => string> = {
  select: (dataClass, relation) =>
    `SELECT FROM clinical.${tables[dataClass]?.table ?? ''} WHERE id = '${rowOf(relation, dataClass)}'`,
  insert: (dataClass, relation) => insertText(dataClass, relation, randomUUID()),
  update: (dataClass, relation) =>
    `UPDATE clinical.${tables[dataClass]?.table ?? ''} SET key_id = key_id WHERE id = '${rowOf(relation, dataClass)}'`,
  delete: (dataClass, relation) =>
    `DELETE FROM clinical.${tables[dataClass]?.table ?? ''} WHERE id = '${rowOf(relation, dataClass)}'`,
};

/** Runs in the caller's context, with what the relation says, which goes away with the transaction. */
async function within<Result>(
  role: SignedInRoleId,
  relation: Relation,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  const subject = accounts.get(role) ?? '';
  const plant: [string, unknown[]][] = [];
  if (relation.grant === true)
    plant.push([
      `INSERT INTO clinical.break_glass_grants (tenant_id, id, clinic_id, patient_id, account_id, key_id, reason) VALUES ($1, $2, $3, $4, $5, 'test', ${cell})`,
      [tenant, randomUUID(), relation.clinicId, relation.patientId, subject],
    ]);
  if (relation.switchedTo !== undefined)
    plant.push([
      `INSERT INTO clinical.clinic_switches (tenant_id, id, account_id, session_id, clinic_id) VALUES ($1, $2, $3, 'session-of-test', $4)`,
      [tenant, randomUUID(), subject, relation.switchedTo],
    ]);
  if (relation.ended === true)
    plant.push(['UPDATE clinical.memberships SET ended_at = now() WHERE account_id = $1', [subject]]);
  for (const [text, values] of plant) await admin.query(text, values);
  try {
    const { clinicIds, patientRecordId } = callerOf(role, neighbour);
    return await pool.within(
      {
        tenantId: tenant,
        subject,
        role,
        clinicIds,
        patientId: patientRecordId,
        expiresAt: new Date(Date.now() + 60_000),
        ...policy.ceilingOf(role),
      },
      work,
    );
  } finally {
    await admin.query('DELETE FROM clinical.break_glass_grants');
    await admin.query('DELETE FROM clinical.clinic_switches');
    await admin.query('UPDATE clinical.memberships SET ended_at = NULL WHERE account_id = $1', [subject]);
  }
}

describe.each(ROLE_IDS)('the policy and row security agree about %s', (role) => {
  it.each(Object.entries(relations))('and %s', async (_name, relation) => {
    // Who works for the whole tenant has no clinic to leave: the token is the policy's ceiling, the membership is row security's.
    const isOver = relation.ended === true && tenantWide.includes(role);
    const disagreements = await within(role, relation, async (transaction) => {
      const found: string[] = [];
      for (const dataClass of Object.keys(tables) as DataClassId[])
        for (const operation of operations) {
          // A new patient is under no restriction, and has no record that it could be the own of.
          if (dataClass === 'patientProfile' && operation === 'insert' && relation.restricted === true)
            continue;
          const actions = ACTIONS.filter((action) => operationOf[action] === operation);
          const permitted = actions.filter((action) => !isOver && decide(role, action, dataClass, relation));
          const let_ = await lets(transaction, statements[operation](dataClass, relation));
          if (let_ !== permitted.length > 0)
            found.push(
              `${operation} ${dataClass}: policy permits [${permitted.join(', ')}], row security ${let_ ? 'permits' : 'refuses'}`,
            );
        }
      return found;
    });
    expect(disagreements).toEqual([]);
  });

  it('on breaking glass and on switching into a clinic', async () => {
    const disagreements = await within(role, neighbour, async (transaction) => {
      const found: string[] = [];
      for (const [name, relation] of Object.entries(relations).slice(0, 4)) {
        const { tenantId, clinicId, patientId } = relation;
        const subject = accounts.get(role) ?? '';
        const texts = {
          'break-glass': `INSERT INTO clinical.break_glass_grants (tenant_id, id, clinic_id, patient_id, account_id, key_id, reason)
            VALUES ('${tenantId}', gen_random_uuid(), '${clinicId}', '${patientId}', '${subject}', 'test', ${cell})`,
          'switch-clinic': `INSERT INTO clinical.clinic_switches (tenant_id, id, account_id, session_id, clinic_id)
            VALUES ('${tenantId}', gen_random_uuid(), '${subject}', 'session-of-test', '${clinicId}')`,
        };
        for (const [action, text] of Object.entries(texts)) {
          const permitted = decide(role, action as Action, 'patientProfile', relation);
          if ((await lets(transaction, text)) !== permitted)
            found.push(`${action} of ${name}: policy ${permitted ? 'permits' : 'refuses'}`);
        }
      }
      return found;
    });
    expect(disagreements).toEqual([]);
  });
});

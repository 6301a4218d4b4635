import { randomUUID } from 'node:crypto';
import { nameClinician } from '../features/clinicians/index.ts';
import { insertPatient } from '../features/patients/index.ts';
import type { FindDone } from '../outbox/settle-intents.ts';
import type { EngineContext } from '../pipeline/engine-context.ts';
import type { SeedPlan } from './seed-plan.ts';

type Account = SeedPlan['accounts'][number];

/** Tenants, clinics, memberships and the demo patients' records. Repeating it changes nothing. */
export async function applySeed(engine: EngineContext, plan: SeedPlan): Promise<void> {
  for (const tenant of plan.tenants) await addTenant(engine, tenant);
  for (const account of plan.accounts) {
    if (account.patientRecordId !== null) await addPatient(engine, account, account.patientRecordId);
    await addMemberships(engine, account);
  }
}

async function addTenant(engine: EngineContext, tenant: SeedPlan['tenants'][number]): Promise<void> {
  await engine.stores.withTenantJob(tenant.id, async (transaction) => {
    await transaction.query(
      'INSERT INTO clinical.tenants (tenant_id, slug) VALUES ($1, $2) ON CONFLICT (tenant_id) DO NOTHING',
      [tenant.id, tenant.name],
    );
    for (const clinic of tenant.clinics)
      await transaction.query(
        `INSERT INTO clinical.clinics (tenant_id, id, slug, telephone) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant_id, id) DO NOTHING`,
        [tenant.id, clinic.id, clinic.name, clinic.telephone ?? null],
      );
  });
}

async function addMemberships(engine: EngineContext, account: Account): Promise<void> {
  const clinics: (string | null)[] = account.clinicIds.length > 0 ? account.clinicIds : [null];
  await engine.stores.withTenantJob(account.tenantId, async (transaction) => {
    for (const clinicId of clinics)
      await transaction.query(
        `INSERT INTO clinical.memberships (tenant_id, account_id, role, clinic_id, patient_id)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
        [account.tenantId, account.accountId, account.role, clinicId, account.patientRecordId],
      );
    const { tenantId, accountId, clinicIds, displayName: fullName } = account;
    await nameClinician(engine, transaction, { tenantId, accountId, clinicIds, fullName, unnamedOnly: true });
  });
}

async function addPatient(engine: EngineContext, account: Account, patientId: string): Promise<void> {
  const { tenantId } = account;
  const clinicId = account.clinicIds[0];
  if (clinicId === undefined) return;
  const exists = await engine.stores.withTenantJob(tenantId, async (transaction) => {
    const { rowCount } = await transaction.query(
      'SELECT FROM clinical.patients WHERE tenant_id = $1 AND id = $2',
      [tenantId, patientId],
    );
    return rowCount === 1;
  });
  if (exists) return;
  const pseudonym = randomUUID();
  const intentId = randomUUID();
  const entry = {
    tenantId,
    clinicId,
    initiatorType: 'system',
    action: 'record.created',
    resourceType: 'Patient',
    resourceId: patientId,
    patientPseudonym: pseudonym,
    dataClassIds: ['patientProfile'],
    decision: 'permit',
    reasonCode: 'granted',
  } as const;
  const receipt = await engine.audit.append([{ ...entry, id: intentId, outcome: 'intent' }]);
  const key = await engine.patientKeys.create(tenantId, patientId, pseudonym, receipt);
  const search = await engine.tenantKeys.search(tenantId);
  const profile = { fullName: account.displayName, dateOfBirth: '1984-03-17', phone: '01632960123' };
  await engine.stores.withTenantJob(tenantId, (transaction) =>
    insertPatient(transaction, { tenantId, id: patientId, clinicId, profile }, key, search),
  );
  await engine.patientKeys.confirm(tenantId, patientId);
  await engine.audit.append([{ ...entry, id: randomUUID(), outcome: 'success', intentId }]);
}

/** For the outcomes of seedings that were killed: a patient who is there was made. */
export const findSeededPatients: FindDone = async (stores, tenantId, intents) => {
  const made = intents.filter(
    ({ action, resource_type }) => action === 'record.created' && resource_type === 'Patient',
  );
  if (made.length === 0) return new Set();
  const { rows } = await stores.withTenantJob(tenantId, (transaction) =>
    transaction.query<{ id: string }>(
      'SELECT id FROM clinical.patients WHERE tenant_id = $1 AND id = ANY ($2::uuid[])',
      [tenantId, made.map((intent) => intent.resource_id)],
    ),
  );
  const there = new Set<string | null>(rows.map(({ id }) => id));
  return new Set(made.filter(({ resource_id }) => there.has(resource_id)).map(({ id }) => id));
};

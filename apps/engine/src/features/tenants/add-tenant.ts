import { randomUUID } from 'node:crypto';
import type { AuditEntry } from '../../audit/entry.ts';
import { EngineError } from '../../error.ts';
import { leaveOutcome, recordFailure } from '../../pipeline/intent.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { findTenant, type FoundTenant } from './find-tenant.ts';

/** A code such as "northgate-leeds": stores hold no names, since names are never structural. */
export const placeName = /^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/;

type Operation = Pick<EngineContext, 'stores' | 'audit' | 'logger'>;

export interface TenantAsk {
  readonly name: string;
  /** Its first clinic. */
  readonly clinic: string;
  /** Who administers it; absent for somebody who has no account yet. */
  readonly accountId?: string | undefined;
}

export interface AddedTenant {
  readonly tenantId: string;
  readonly clinicId: string;
  /** The account that administers it, which may still have to be made. */
  readonly accountId: string;
  /** False where an earlier run had added it. */
  readonly added: boolean;
}

/**
 * Adds a tenant with its first clinic and the membership of its first administrator, all or none of them. The name is taken
 * first, in a state in which nobody can sign in; then the intents are durable, then one transaction makes the rest. Repeating
 * it changes nothing, and takes up what was interrupted.
 * @throws EngineError `tenant-exists`, which leaves its entry; `audit-unavailable`, `records-unavailable`
 */
export async function addTenant(engine: Operation, ask: TenantAsk): Promise<AddedTenant> {
  const found = (await findTenant(engine.stores, ask.name)) ?? (await takeName(engine, ask.name));
  if (found.state === 'opening') {
    const added = await openTenant(engine, ask, found.tenantId);
    // Where another run was quicker, its tenant is looked at like any that is there.
    if (added) return added;
    return addTenant(engine, ask);
  }
  const clinic = found.clinics.find(({ slug }) => slug === ask.clinic);
  const accountId = ask.accountId ?? found.administrators[0];
  const isSame = accountId !== undefined && found.administrators.includes(accountId);
  if (found.state === 'active' && clinic && isSame)
    return { tenantId: found.tenantId, clinicId: clinic.id, accountId, added: false };
  await engine.audit.append([
    {
      ...entryOf(found.tenantId, 'tenant.created', 'Tenant', found.tenantId),
      decision: 'deny',
      reasonCode: 'name-taken',
      outcome: 'none',
    },
  ]);
  throw new EngineError('tenant-exists');
}

/** Of two runs at once one takes it; both go on with the same tenant. */
async function takeName({ stores }: Operation, name: string): Promise<FoundTenant> {
  const tenantId = randomUUID();
  await stores.withTenantJob(tenantId, (transaction) =>
    transaction.query(
      `INSERT INTO clinical.tenants (tenant_id, slug, state) VALUES ($1, $2, 'opening') ON CONFLICT DO NOTHING`,
      [tenantId, name],
    ),
  );
  const taken = await findTenant(stores, name);
  if (!taken) throw new EngineError('records-unavailable', { detail: 'the name was not kept' });
  return taken;
}

/** Undefined where another run has opened it meanwhile. */
async function openTenant(
  engine: Operation,
  { clinic, accountId = randomUUID() }: TenantAsk,
  tenantId: string,
): Promise<AddedTenant | undefined> {
  const clinicId = randomUUID();
  const intents = [
    entryOf(tenantId, 'tenant.created', 'Tenant', tenantId),
    { ...entryOf(tenantId, 'clinic.created', 'Clinic', clinicId), clinicId },
    entryOf(tenantId, 'membership.granted', 'Account', accountId),
  ];
  await engine.audit.append(intents);
  try {
    const opened = await engine.stores.withTenantJob(tenantId, async (transaction) => {
      const { rowCount } = await transaction.query(
        `UPDATE clinical.tenants SET state = 'active' WHERE tenant_id = $1 AND state = 'opening'`,
        [tenantId],
      );
      if (rowCount !== 1) return false;
      await transaction.query('INSERT INTO clinical.clinics (tenant_id, id, slug) VALUES ($1, $2, $3)', [
        tenantId,
        clinicId,
        clinic,
      ]);
      await transaction.query(
        `INSERT INTO clinical.memberships (tenant_id, account_id, role) VALUES ($1, $2, 'role.corporateAdmin')`,
        [tenantId, accountId],
      );
      for (const intent of intents) await leaveOutcome(transaction, intent);
      return true;
    });
    if (opened) return { tenantId, clinicId, accountId, added: true };
  } catch (error) {
    for (const intent of intents) await recordFailure(engine, intent);
    throw error;
  }
  for (const intent of intents) await recordFailure(engine, intent);
  return undefined;
}

/** Who acts is the operator at the command line. */
function entryOf(
  tenantId: string,
  action: 'tenant.created' | 'clinic.created' | 'membership.granted',
  resourceType: 'Tenant' | 'Clinic' | 'Account',
  resourceId: string,
): AuditEntry {
  return {
    id: randomUUID(),
    tenantId,
    initiatorType: 'system',
    action,
    resourceType,
    resourceId,
    dataClassIds: ['portalAccount'],
    decision: 'permit',
    reasonCode: 'granted',
    outcome: 'intent',
  };
}

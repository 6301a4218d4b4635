import { randomUUID } from 'node:crypto';
import type { RoleId } from '@cordon/access-policy';
import type { Transaction } from '@cordon/row-security';
import { leaveOutcome, recordFailure } from '../../pipeline/intent.ts';
import type { EngineContext } from '../../pipeline/engine-context.ts';
import { nameClinician } from '../clinicians/index.ts';

/** Staff roles that somebody can be given; patients are registered with their record. */
export const staffRoles = ['role.clinician', 'role.receptionist', 'role.admin', 'role.externalContractor', 'role.corporateAdmin', 'role.auditor'] as const satisfies RoleId[]; // prettier-ignore
const tenantWide: ReadonlySet<string> = new Set([
  'role.corporateAdmin',
  'role.auditor',
  'role.externalContractor',
]);
/** What the administrator of a clinic gives in that clinic: nobody who administers, audits or sees all of the tenant. */
const givenByClinicAdmin: ReadonlySet<string> = new Set(['role.clinician', 'role.receptionist']);

export interface MembershipAsk {
  /** Who gives it; must be somebody else. */
  readonly grantedBy: string;
  readonly accountId: string;
  readonly tenantId: string;
  readonly role: (typeof staffRoles)[number];
  /** Empty for roles of the whole tenant, and only for them. */
  readonly clinicIds: readonly string[];
  /** What the giver calls them. */
  readonly displayName?: string | undefined;
}

async function mayGrant(transaction: Transaction, ask: MembershipAsk): Promise<boolean> {
  const { rows } = await transaction.query<{ role: string; clinic_id: string | null }>(
    `SELECT role, clinic_id FROM clinical.memberships
     WHERE tenant_id = $1 AND account_id = $2 AND ended_at IS NULL AND role IN ('role.admin', 'role.corporateAdmin') LIMIT 1000`,
    [ask.tenantId, ask.grantedBy],
  );
  if (rows.some(({ role }) => role === 'role.corporateAdmin')) return true;
  const clinics = new Set(rows.map(({ clinic_id: clinicId }) => clinicId));
  return givenByClinicAdmin.has(ask.role) && ask.clinicIds.every((clinicId) => clinics.has(clinicId));
}

/** Whether every clinic is one of the tenant's, and open. */
async function knowsClinics(transaction: Transaction, ask: MembershipAsk): Promise<boolean> {
  const { rows } = await transaction.query<{ known: number }>(
    "SELECT count(*)::int AS known FROM clinical.clinics WHERE tenant_id = $1 AND id = ANY ($2) AND state = 'active'",
    [ask.tenantId, ask.clinicIds],
  );
  return rows[0]?.known === new Set(ask.clinicIds).size;
}

/**
 * Gives an account a role, when the giver administers the clinics, or the tenant, at this moment. The intent is durable
 * before the membership is.
 * @returns false when the giver may not; that leaves its entry as well.
 * @throws EngineError `audit-unavailable`
 */
export async function grantMembership(engine: EngineContext, ask: MembershipAsk): Promise<boolean> {
  const entry = {
    tenantId: ask.tenantId,
    actorSubject: ask.grantedBy,
    initiatorType: 'user',
    action: 'membership.granted',
    resourceType: 'Account',
    resourceId: ask.accountId,
    dataClassIds: ['portalAccount'],
  } as const;
  const possible =
    ask.grantedBy !== ask.accountId && tenantWide.has(ask.role) === (ask.clinicIds.length === 0);
  const may =
    possible &&
    (await engine.stores.withTenantJob(ask.tenantId, async (transaction) => {
      return (await mayGrant(transaction, ask)) && (await knowsClinics(transaction, ask));
    }));
  if (!may) {
    await engine.audit.append([
      { ...entry, id: randomUUID(), decision: 'deny', reasonCode: 'not-administered', outcome: 'none' },
    ]);
    return false;
  }
  const intent = { ...entry, id: randomUUID(), decision: 'permit', reasonCode: 'granted', outcome: 'intent' } as const; // prettier-ignore
  await engine.audit.append([intent]);
  // Asked again in the transaction that writes: who was removed meanwhile gives nothing.
  const write = async (transaction: Transaction): Promise<boolean> => {
    if (!(await mayGrant(transaction, ask))) return false;
    for (const clinicId of ask.clinicIds.length === 0 ? [null] : ask.clinicIds)
      await transaction.query(
        `INSERT INTO clinical.memberships (tenant_id, account_id, role, clinic_id) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING`,
        [ask.tenantId, ask.accountId, ask.role, clinicId],
      );
    const { tenantId, accountId, clinicIds, displayName: fullName } = ask;
    if (fullName !== undefined && ask.role === 'role.clinician')
      await nameClinician(engine, transaction, { tenantId, accountId, clinicIds, fullName });
    await leaveOutcome(transaction, intent);
    return true;
  };
  try {
    const done = await engine.stores.withTenantJob(ask.tenantId, write);
    if (done) engine.wakeRelay(ask.tenantId);
    else await recordFailure(engine, intent);
    return done;
  } catch (error) {
    await recordFailure(engine, intent);
    throw error;
  }
}

import type { SealedPool } from '@cordon/row-security';
import { noTenantContext } from '../../stores/system-context.ts';
import { titleOf } from '../me/index.ts';

/** One thing that an account may sign in as. */
export interface SignInGrant {
  tenantId: string;
  tenantName: string;
  role: string;
  clinics: { id: string; name: string }[];
  patientRecordId: string | null;
  factorRequired: boolean;
  /** For who administers the whole tenant: its clinics, into which others may be invited. Gives no access to them. */
  tenantClinics?: { id: string; name: string }[];
}

interface GrantRow {
  tenant_id: string;
  tenant_slug: string;
  role: string;
  clinic_id: string | null;
  clinic_slug: string | null;
  patient_id: string | null;
  factor_required: boolean | null;
}

/** Where a tenant says nothing: whoever treats, administers or audits shows a second factor. */
const factorByDefault = new Set(['role.clinician', 'role.admin', 'role.corporateAdmin', 'role.auditor']);
const mostMemberships = 2_000;

/** Memberships of one account over all tenants, as identity asks for them at each sign-in and refresh. */
export async function findSignInGrants(directory: SealedPool, accountId: string): Promise<SignInGrant[]> {
  const [rows, clinics] = await directory.within(noTenantContext(), async (transaction) => {
    const result = await transaction.query<GrantRow>(
      `SELECT m.tenant_id, t.slug AS tenant_slug, m.role, m.clinic_id, c.slug AS clinic_slug, m.patient_id,
         f.factor_required
       FROM clinical.memberships m
       JOIN clinical.tenants t ON t.tenant_id = m.tenant_id AND t.state = 'active'
       LEFT JOIN clinical.clinics c ON c.tenant_id = m.tenant_id AND c.id = m.clinic_id
       LEFT JOIN clinical.factor_policies f ON f.tenant_id = m.tenant_id AND f.role = m.role
       WHERE m.account_id = $1 AND m.ended_at IS NULL
       ORDER BY t.slug, m.role, c.slug LIMIT ${mostMemberships}`,
      [accountId],
    );
    const administered = result.rows.filter(({ role }) => role === 'role.corporateAdmin');
    const listed = await transaction.query<{ tenant_id: string; id: string; slug: string }>(
      `SELECT tenant_id, id, slug FROM clinical.clinics WHERE tenant_id = ANY ($1::uuid[]) AND state = 'active'
       ORDER BY slug LIMIT 1000`,
      [administered.map((row) => row.tenant_id)],
    );
    return [result.rows, listed.rows] as const;
  });
  const grants = new Map<string, SignInGrant>();
  for (const row of rows) {
    const name = `${row.tenant_id} ${row.role} ${row.patient_id ?? ''}`;
    const grant = grants.get(name) ?? {
      tenantId: row.tenant_id,
      tenantName: titleOf(row.tenant_slug),
      role: row.role,
      clinics: [],
      patientRecordId: row.patient_id,
      factorRequired: row.factor_required ?? factorByDefault.has(row.role),
      ...(row.role === 'role.corporateAdmin' && {
        tenantClinics: clinics
          .filter((clinic) => clinic.tenant_id === row.tenant_id)
          .map(({ id, slug }) => ({ id, name: titleOf(slug) })),
      }),
    };
    if (row.clinic_id !== null && row.clinic_slug !== null)
      grant.clinics.push({ id: row.clinic_id, name: titleOf(row.clinic_slug) });
    grants.set(name, grant);
  }
  return [...grants.values()];
}

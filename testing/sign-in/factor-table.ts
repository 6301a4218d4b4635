import { randomUUID } from 'node:crypto';
import type { SeedAccount } from '../engine/run-engine-on.ts';
import { makePlan } from '../engine/run-engine-on.ts';
import type { TestInstallation } from './start-installation.ts';

/** One row of roles × tenants × factors: an account, and what a sign-in with its password and its factor must come to. */
export interface FactorRow {
  readonly account: SeedAccount;
  /** What the tenant says of the factor for this role; null where it says nothing. */
  readonly tenantSays: boolean | null;
  readonly hasFactor: boolean;
  /** What is asked for after the password: a code, an enrolment, or nothing. */
  readonly asks: 'code' | 'enrol' | 'done';
}

export const describeRow = ({ account, tenantSays, hasFactor }: FactorRow): string =>
  `${account.role}, tenant ${tenantSays === null ? 'silent' : tenantSays ? 'strict' : 'lenient'}, ${hasFactor ? 'with' : 'without'} a factor`;

const roles = [
  'role.clinician',
  'role.receptionist',
  'role.externalContractor',
  'role.patient',
  'role.admin',
  'role.corporateAdmin',
  'role.auditor',
] as const;
const always: ReadonlySet<string> = new Set(['role.admin', 'role.corporateAdmin', 'role.auditor']);
const tenantWide: ReadonlySet<string> = new Set([
  'role.externalContractor',
  'role.corporateAdmin',
  'role.auditor',
]);

/** The rule, written down a second time and in other words than engine and identity have it. */
function isRequired(role: string, tenantSays: boolean | null): boolean {
  return always.has(role) || (tenantSays ?? role === 'role.clinician');
}

/**
 * Three tenants: one says nothing, one asks for the factor of everybody, one asks it of nobody whom it may spare. In each,
 * every role with and without a factor of its own.
 */
export function makeFactorTable() {
  const clinic = (name: string) => ({ id: randomUUID(), name });
  const tenants = ([null, true, false] as const).map((says) => {
    const slug = says === null ? 'silent' : says ? 'strict' : 'lenient';
    return { says, id: randomUUID(), name: slug, clinics: [clinic(`${slug}-one`)] };
  });
  const rows = tenants.flatMap(({ says, id, clinics }) =>
    roles.flatMap((role) =>
      [true, false].map((hasFactor): FactorRow => {
        const account: SeedAccount = {
          accountId: randomUUID(),
          displayName: `${role} ${String(says)} ${String(hasFactor)}`,
          role,
          tenantId: id,
          clinicIds: tenantWide.has(role) ? [] : clinics.map((each) => each.id),
          patientRecordId: role === 'role.patient' ? randomUUID() : null,
        };
        const asks = hasFactor ? 'code' : isRequired(role, says) ? 'enrol' : 'done';
        return { account, tenantSays: says, hasFactor, asks };
      }),
    ),
  );
  return {
    rows,
    /** Lets the tenants say what the table has them say. */
    async tell(installation: TestInstallation): Promise<void> {
      for (const { id, says } of tenants)
        for (const role of says === null ? [] : roles.filter((each) => says || !always.has(each)))
          await installation.engine.running.engine.stores.withTenantJob(id, (transaction) =>
            transaction.query(
              'INSERT INTO clinical.factor_policies (tenant_id, role, factor_required) VALUES ($1, $2, $3)',
              [id, role, says],
            ),
          );
    },
    plan: {
      ...makePlan(),
      tenants: tenants.map(({ id, name, clinics }) => ({ id, name, clinics })),
      accounts: rows.map(({ account }) => account),
    },
  };
}

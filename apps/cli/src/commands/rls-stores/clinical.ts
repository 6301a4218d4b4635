import { type Policy, ROLE_IDS } from '@cordon/access-policy';
import type { CallerConfig, ProverConfig, Reach } from '@cordon/row-security/prover';
import { ownTables, sealFunctions, system } from './parts.ts';

/** The reach that each role of the access policy is meant to have in the clinical store. */
const reachOfRole: Readonly<Record<string, Reach>> = {
  'role.clinician': 'clinic',
  'role.receptionist': 'clinic',
  'role.admin': 'clinic',
  'role.patient': 'patient',
  'role.corporateAdmin': 'tenant',
  'role.externalContractor': 'nothing',
  'role.auditor': 'nothing',
};

const membershipOf = (reach: Reach): 'tenant' | 'clinic' | 'patient' =>
  reach === 'clinic' ? 'clinic' : reach === 'patient' ? 'patient' : 'tenant';

export function clinical(policy: Policy): Partial<ProverConfig> {
  const protect = "SELECT clinical.protect_patient_table('$table', '<data class>')";
  return {
    callers: [
      ...ROLE_IDS.map((role): CallerConfig => {
        const reach = reachOfRole[role] ?? 'nothing';
        return {
          name: role.slice('role.'.length),
          loginRoles: ['engine_clinical'],
          role,
          reach,
          membership: membershipOf(reach),
          ...policy.ceilingOf(role),
        };
      }),
      system(['engine_jobs']),
    ],
    membership: {
      table: 'clinical.memberships',
      values: {
        tenant_id: '$tenant',
        account_id: '$subject',
        role: '$role',
        clinic_id: '$clinic',
        patient_id: '$patient',
      },
      revoke: 'ended_at = now()',
    },
    restriction: {
      table: 'clinical.restrictions',
      column: 'lifted_at',
      visibleTo: ['admin', 'system'],
    },
    withoutTenant: [
      ...ownTables,
      {
        name: 'clinical.revoked_sessions',
        loginRoles: ['engine_directory'],
        reason: 'sessions belong to identity, which has no tenant; hashes only',
      },
      {
        name: 'clinical.ai_stops',
        loginRoles: ['engine_directory', 'engine_jobs'],
        reason:
          'what an operator has stopped, for everybody or by tenant: names of the configuration and ids; a tenant’s job sees no other tenant’s',
      },
      {
        name: 'graphile_worker.*',
        loginRoles: ['engine_jobs'],
        reason: 'one queue for all tenants: ids alone, and who reads them opens no row without a context',
      },
    ],
    reaches: [
      {
        tables: ['clinical.tenants', 'clinical.clinics', 'clinical.factor_policies'],
        loginRoles: ['engine_clinical'],
        reach: 'tenant',
        reason:
          'states and ids of the own tenant, which policies and the screens for choosing a clinic ask for',
      },
      {
        tables: ['clinical.outbox'],
        loginRoles: ['engine_clinical'],
        reach: 'tenant',
        writes: true,
        reason: 'every request of the tenant may leave work for later; none may read it',
      },
      {
        tables: ['clinical.tenants'],
        loginRoles: ['engine_jobs'],
        reach: 'everything',
        reason: 'the job runner starts from the list of tenant ids and states',
      },
      {
        tables: ['clinical.tenants', 'clinical.clinics', 'clinical.memberships', 'clinical.factor_policies'],
        loginRoles: ['engine_directory'],
        reach: 'everything',
        reason: 'answers identity at sign-in, for which no tenant is chosen yet; reaches no patient',
      },
    ],
    openPolicies: [
      { name: 'clinical.tenants: jobs_list_tenants', reason: 'the list of tenants from which jobs start' },
      ...['tenants', 'clinics', 'memberships', 'factor_policies'].map((table) => ({
        name: `clinical.${table}: directory_read`,
        reason: 'the directory answers before a tenant is chosen',
      })),
    ],
    sharedKeys: [
      {
        name: 'clinical.tenants: tenants_slug_key',
        reason: 'tenants are told apart by their code; jobs alone write it',
      },
    ],
    definerFunctions: [
      ...sealFunctions,
      {
        name: 'clinical.reseal_patient',
        reason:
          'writes cells anew under another key, also where nobody may change rows: it takes keys and no text',
      },
    ],
    advice: {
      'gate.row-security': `In its migration: ${protect}`,
      'gate.forced': `In its migration: ${protect}`,
      'gate.policy-missing': `In its migration: ${protect}`,
      'gate.tenant-column':
        'Clinical tables begin with tenant_id uuid NOT NULL, and their key is (tenant_id, id)',
      'gate.key-tenant': 'Clinical tables have PRIMARY KEY (tenant_id, id)',
      'gate.column-comment':
        "In its migration: SELECT cordon.classify_columns('$table', '<data class>', '{structural columns}')",
    },
  };
}

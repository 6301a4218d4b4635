import { createSecretKey } from 'node:crypto';
import { DATA_CLASS_IDS, type Policy, ROLE_IDS } from '@cordon/access-policy';
import type { Acceptance, CallerConfig, ProverConfig, Reach } from '@cordon/row-security/prover';
import { sealKeyId, type StoreDefinition } from '@cordon/stores';

/** What PostgreSQL itself leaves open, or the pool does knowingly. Looked at again on the day that each names. */
const accepted: readonly Acceptance[] = [
  {
    channel: 'statistics.row-count',
    reason:
      'pg_class is public: a login role learns how many rows all tenants have together, of none in particular',
    expires: '2027-05-31',
  },
  {
    channel: 'statistics.explain',
    reason:
      'the planner estimates with the samples of all tenants for leakproof operators; only SQL of the role itself can ask',
    expires: '2027-05-31',
  },
  {
    channel: 'activity.literal',
    reason:
      'sessions of one login role see the texts of each other; the engine sends values as bind parameters, which are not shown',
    expires: '2027-05-31',
  },
  ...['residue.cursor', 'residue.setting', 'residue.prepared-statement'].map((channel) => ({
    channel,
    reason:
      'needs foreign SQL in two requests of one connection; the engine runs its own unnamed statements only',
    expires: '2027-05-31',
  })),
  {
    channel: 'race.revoked',
    reason:
      'a statement that began before the revocation ends with the rights it began with (PostgreSQL, CREATE POLICY, Notes)',
    expires: '2027-05-31',
  },
];

const common = {
  columns: { tenant: 'tenant_id', clinic: 'clinic_id', patient: 'patient_id' },
  accepted,
  generators: { 'cordon.ciphertext': "cordon.seal_cell(convert_to($marker, 'UTF8'), 'probe')" },
  ignoreSchemas: ['pgcrypto', 'btree_gist'],
  columnComment: { pattern: '^class=\\w+ sensitivity=(phi|structural)\\b', except: ['cordon.migrations'] },
  callers: [],
  reaches: [],
  openPolicies: [],
  sharedKeys: [],
} as const;

const ownTables = [
  { name: 'cordon.migrations', loginRoles: [], reason: 'written by set-up alone' },
  { name: 'cordon.seal_keys', loginRoles: [], reason: "readable by the seal's owner alone" },
] as const;

const sealFunctions = ['enter', 'seal_verifies', 'refuse_seal', 'install_seal_key'].map((name) => ({
  name: `cordon.${name}`,
  reason: 'verifies seals with the key that no login role reads',
}));

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

function system(loginRoles: readonly string[]): CallerConfig {
  return {
    name: 'system',
    loginRoles,
    role: 'role.system',
    reach: 'tenant',
    readable: DATA_CLASS_IDS,
    writable: DATA_CLASS_IDS,
  };
}

function clinical(policy: Policy): Partial<ProverConfig> {
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
    definerFunctions: sealFunctions,
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

function audit(): Partial<ProverConfig> {
  return {
    callers: [
      {
        name: 'auditor',
        loginRoles: ['audit_reader'],
        role: 'role.auditor',
        reach: 'tenant',
        readable: ['auditLogEntry'],
      },
    ],
    withoutTenant: [
      ...ownTables,
      {
        name: 'audit.audit_leaves',
        loginRoles: ['sequencer', 'audit_verifier', 'audit_reader'],
        reason: 'one tree over all tenants, of hashes alone',
      },
      {
        name: 'audit.checkpoints',
        loginRoles: ['sequencer', 'audit_verifier', 'audit_reader'],
        reason: "signed heads of the tree over all tenants; they are shown to anybody's auditor",
      },
      {
        name: 'audit.dropped_months',
        loginRoles: ['audit_verifier'],
        reason: 'which months retention dropped; a month holds the entries of all tenants',
      },
    ],
    reaches: [
      {
        tables: ['audit.audit_logs', 'audit.legal_holds'],
        loginRoles: ['sequencer', 'audit_verifier'],
        reach: 'everything',
        reason:
          'one hashes every entry into the tree, the other recomputes the hashes; neither serves requests',
      },
    ],
    openPolicies: [
      ...['door_appends', 'door_sees_intents', 'sequencer_reads', 'verifier_reads'].map((policy) => ({
        name: `audit.audit_logs: ${policy}`,
        reason: 'the door appends for every tenant, and sequencer and verifier hash every entry',
      })),
      ...['retention_works', 'verifier_reads'].map((policy) => ({
        name: `audit.legal_holds: ${policy}`,
        reason: 'a month holds the entries of all tenants, so every hold on it counts',
      })),
    ],
    sharedKeys: [
      {
        name: 'audit.audit_logs: *',
        reason: 'entries of no tenant exist; ids are random, and the door alone inserts',
      },
    ],
    definerFunctions: [
      ...sealFunctions,
      {
        name: 'audit.append_sealed_entries',
        reason: 'the one door; each entry carries a tag under the key of the engine',
      },
      {
        name: 'audit.append_entries',
        reason: 'the door of identity, for sign-in events of every tenant and of none',
      },
      ...['drop_expired_month', 'expired_months', 'record_hold'].map((name) => ({
        name: `audit.${name}`,
        reason: 'retention: drops whole expired months, and keeps the holds that forbid it',
      })),
      { name: 'audit.ensure_partitions', reason: 'makes the partitions of coming months' },
    ],
  };
}

function identity(): Partial<ProverConfig> {
  const sessions = (schema: string): { name: string; loginRoles: string[]; reason: string } => ({
    name: `${schema}.browser_sessions`,
    loginRoles: [schema],
    reason: 'encrypted browser sessions, each app reaches its own alone',
  });
  return {
    withoutTenant: [
      ownTables[0],
      {
        name: 'identity.*',
        loginRoles: ['identity_app'],
        reason: 'people and their sign-ins, who have no tenant; the engine owns memberships',
      },
      sessions('console_sessions'),
      sessions('portal_sessions'),
    ],
  };
}

const ofStore: Readonly<Record<string, (policy: Policy) => Partial<ProverConfig>>> = {
  clinical,
  audit,
  identity,
  marketing: () => ({
    callers: [system(['engine_marketing']), { ...system(['web_marketing']), name: 'visitor' }],
    withoutTenant: ownTables,
    definerFunctions: sealFunctions,
  }),
  vault: () => ({
    callers: [system(['engine_vault'])],
    withoutTenant: ownTables,
    definerFunctions: sealFunctions,
  }),
};

/** How one of this checkout's own stores is attacked. */
export function cordonConfig(
  definition: StoreDefinition,
  sealKey: Buffer | undefined,
  policy: Policy,
): ProverConfig {
  return {
    ...common,
    name: definition.store,
    loginRoles: definition.logins,
    driver: sealKey
      ? { kind: 'sealed', key: { keyId: sealKeyId(sealKey), key: createSecretKey(sealKey) } }
      : { kind: 'none' },
    withoutTenant: ownTables,
    definerFunctions: [],
    ...ofStore[definition.store]?.(policy),
  };
}

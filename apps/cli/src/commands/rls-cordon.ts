import { createSecretKey } from 'node:crypto';
import type { Policy } from '@cordon/access-policy';
import type { ProverConfig } from '@cordon/row-security/prover';
import { sealKeyId, type StoreDefinition } from '@cordon/stores';
import { accepted } from './rls-stores/accepted.ts';
import { audit } from './rls-stores/audit.ts';
import { clinical } from './rls-stores/clinical.ts';
import { identity } from './rls-stores/identity.ts';
import { ownTables, sealFunctions, system } from './rls-stores/parts.ts';

const common = {
  columns: { tenant: 'tenant_id', clinic: 'clinic_id', patient: 'patient_id' },
  accepted,
  generators: {
    'cordon.ciphertext': "cordon.seal_cell(convert_to($marker, 'UTF8'), 'probe')",
    'graphile_worker._private_jobs.payload': `'{"tenantId":"00000000-0000-4000-8000-000000000000"}'::json`,
  },
  ignoreSchemas: ['pgcrypto', 'btree_gist'],
  columnComment: { pattern: '^class=\\w+ sensitivity=(phi|structural)\\b', except: ['cordon.migrations'] },
  callers: [],
  reaches: [],
  openPolicies: [],
  sharedKeys: [],
} as const;

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

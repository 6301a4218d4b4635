import { DATA_CLASS_IDS } from '@cordon/access-policy';
import type { CallerConfig } from '@cordon/row-security/prover';

/** Tables without a tenant that set-up brings to every sealed store. */
export const ownTables = [
  { name: 'cordon.migrations', loginRoles: [], reason: 'written by set-up alone' },
  { name: 'cordon.seal_keys', loginRoles: [], reason: "readable by the seal's owner alone" },
] as const;

export const sealFunctions = [
  'enter',
  'verify_seal',
  'seal_verifies',
  'refuse_seal',
  'install_seal_key',
  'retire_seal_keys',
].map((name) => ({
  name: `cordon.${name}`,
  reason: 'verifies seals with the key that no login role reads',
}));

/** One tenant's background work. */
export function system(loginRoles: readonly string[]): CallerConfig {
  return {
    name: 'system',
    loginRoles,
    role: 'role.system',
    reach: 'tenant',
    readable: DATA_CLASS_IDS,
    writable: DATA_CLASS_IDS,
  };
}

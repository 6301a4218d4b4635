import type { ProverConfig } from '@cordon/row-security/prover';
import { ownTables, sealFunctions } from './parts.ts';

export function audit(): Partial<ProverConfig> {
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
        name: 'audit.announced_months',
        loginRoles: [],
        reason: 'which months retention is about to drop; a month holds the entries of all tenants',
      },
      {
        name: 'gate.reports',
        loginRoles: ['audit_reader'],
        reason: 'signed reports of the gate on the deployment, which is every tenant’s; they name nobody',
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
        reason: 'the append function writes for every tenant, and sequencer and verifier hash every entry',
      })),
      ...['retention_works', 'verifier_reads'].map((policy) => ({
        name: `audit.legal_holds: ${policy}`,
        reason: 'a month holds the entries of all tenants, so every hold on it counts',
      })),
    ],
    sharedKeys: [
      {
        name: 'audit.audit_logs: *',
        reason: 'entries of no tenant exist; ids are random, and only the append functions insert',
      },
    ],
    definerFunctions: [
      ...sealFunctions,
      {
        name: 'audit.append_sealed_entries',
        reason: 'the engine’s append function; each entry carries a tag under the key of the engine',
      },
      {
        name: 'audit.append_entries',
        reason: 'identity’s append function, for sign-in events of every tenant and of none',
      },
      ...[
        'announce_expired_month',
        'drop_expired_month',
        'withdraw_announcements',
        'expired_months',
        'place_hold',
        'lift_hold',
      ].map((name) => ({
        name: `audit.${name}`,
        reason: 'retention: drops whole expired months, and keeps the holds that forbid it',
      })),
      {
        name: 'gate.keep_report',
        reason:
          'the only way in for reports of the gate; asks for a sealed context of the system, keeps a bounded number',
      },
      { name: 'audit.ensure_partitions', reason: 'makes the partitions of coming months' },
    ],
  };
}

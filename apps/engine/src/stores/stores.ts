import { createSecretKey } from 'node:crypto';
import type { Policy } from '@cordon/access-policy';
import { createSealedPool, RowSecurityError, type SealedPool, type Transaction } from '@cordon/row-security';
import { toClientConfig, type DatabaseSettings, type Logger } from '@cordon/service';
import type { Caller } from '../caller/caller.ts';
import { EngineError } from '../error.ts';
import { keepContexts, numberObjects } from './kept-contexts.ts';
import { sealKeyIdOf } from './seal-key-id.ts';
import { systemContext } from './system-context.ts';

/** The engine's only access to its stores. No method runs SQL outside a sealed context. */
export interface Stores {
  /** The clinical store, as the caller. */
  withCaller<Result>(caller: Caller, work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** As above, for single statements: each is a transaction of its own, in one round trip. */
  readAs(caller: Caller): Transaction;
  /** The clinical store, as one tenant's background work. */
  withTenantJob<Result>(
    tenantId: string,
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result>;
  /** The same for single statements. */
  jobsOf(tenantId: string): Transaction;
  /** The vault, for one tenant. */
  withVault<Result>(tenantId: string, work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  /** The same for single statements. */
  vaultOf(tenantId: string): Transaction;
  /** The audit log, to read, as the caller. */
  withAuditReader<Result>(
    caller: Caller,
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result>;
  readonly pools: Readonly<Record<EnginePool, SealedPool>>;
  close(): Promise<void>;
}

export const enginePools = {
  engine_clinical: 'clinical',
  engine_jobs: 'clinical',
  engine_directory: 'clinical',
  engine_vault: 'vault',
  engine_audit: 'audit',
  audit_reader: 'audit',
  engine_marketing: 'marketing',
} as const;
export type EnginePool = keyof typeof enginePools;
export type SealedStore = (typeof enginePools)[EnginePool];

const connections: Readonly<Record<EnginePool, number>> = {
  engine_clinical: 10,
  engine_jobs: 2,
  engine_directory: 3,
  engine_vault: 4,
  engine_audit: 2,
  audit_reader: 2,
  engine_marketing: 2,
};

/** Connections of one tenant each, for stores that every read of a record, or every question to a model, asks. */
const tenantConnections: Partial<Record<EnginePool, number>> = {
  engine_clinical: 8,
  engine_vault: 4,
  engine_jobs: 4,
};

/** Turns connection failures into a refusal that names the cause, instead of an internal error. */
export async function refuseWhenAway<Result>(
  code: 'audit-unavailable' | 'keys-unavailable' | 'records-unavailable',
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const away = error instanceof RowSecurityError && error.code === 'store-unavailable';
    throw away ? new EngineError(code, { cause: error }) : error;
  }
}

export function openStores(options: {
  databases: Readonly<Record<EnginePool, DatabaseSettings>>;
  sealKeys: Readonly<Record<SealedStore, Buffer>>;
  policy: () => Policy;
  logger: Logger;
}): Stores {
  const open = (name: EnginePool): SealedPool => {
    const raw = options.sealKeys[enginePools[name]];
    return createSealedPool({
      connection: toClientConfig(options.databases[name], `cordon engine ${name}`),
      key: { keyId: sealKeyIdOf(raw), key: createSecretKey(raw) },
      maxConnections: connections[name],
      tenantConnections: tenantConnections[name] ?? 0,
      onError: (error) => {
        options.logger.warn('connection lost', { store: enginePools[name], err: error });
      },
    });
  };
  const pools = {
    engine_clinical: open('engine_clinical'),
    engine_jobs: open('engine_jobs'),
    engine_directory: open('engine_directory'),
    engine_vault: open('engine_vault'),
    engine_audit: open('engine_audit'),
    audit_reader: open('audit_reader'),
    engine_marketing: open('engine_marketing'),
  };
  const kept = keepContexts();
  const numberOf = numberObjects();
  const contextOf = ({ tenantId, subject, role, patientRecordId, clinicIds, expiresAt }: Caller) => {
    // The policy's own answer, so that row security and policy cannot disagree about a role.
    const ceiling = options.policy().ceilingOf(role);
    const { readable, writable } = ceiling;
    const words = [tenantId, subject, role, patientRecordId, expiresAt, clinicIds, numberOf(ceiling)];
    return kept(JSON.stringify(words), () => ({
      tenantId,
      subject,
      role,
      patientId: patientRecordId,
      clinicIds,
      // The transaction is short; the token may end sooner than the context's minute.
      expiresAt: new Date(Math.min(expiresAt * 1000 + 5_000, Date.now() + 60_000)),
      readable,
      writable,
    }));
  };
  const systemOf = (tenantId: string) => kept(tenantId, () => systemContext(tenantId));
  return {
    withCaller: (caller, work) =>
      refuseWhenAway('records-unavailable', () => pools.engine_clinical.within(contextOf(caller), work)),
    readAs: (caller) => ({
      query: (text, values) =>
        refuseWhenAway('records-unavailable', () =>
          pools.engine_clinical.query(contextOf(caller), text, values),
        ),
    }),
    withTenantJob: (tenantId, work) => pools.engine_jobs.within(systemOf(tenantId), work),
    jobsOf: (tenantId) => ({
      query: (text, values) =>
        refuseWhenAway('records-unavailable', () =>
          pools.engine_jobs.query(systemOf(tenantId), text, values),
        ),
    }),
    withVault: (tenantId, work) =>
      refuseWhenAway('keys-unavailable', () => pools.engine_vault.within(systemOf(tenantId), work)),
    vaultOf: (tenantId) => ({
      query: (text, values) =>
        refuseWhenAway('keys-unavailable', () => pools.engine_vault.query(systemOf(tenantId), text, values)),
    }),
    withAuditReader: (caller, work) =>
      refuseWhenAway('audit-unavailable', () => pools.audit_reader.within(contextOf(caller), work)),
    pools,
    async close() {
      await Promise.all(Object.values(pools).map((pool) => pool.close()));
    },
  };
}

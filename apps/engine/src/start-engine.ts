import { openPolicy, watchPolicy } from '@cordon/access-policy';
import { toClientConfig, type Closable, type Logger } from '@cordon/service';
import { createRateLimit, type RateLimit } from '@cordon/web-guard';
import type { JWTVerifyGetKey } from 'jose';
import { createAuditAppender } from './audit/appender.ts';
import { createAuthenticate } from './caller/authenticate.ts';
import { createRefusals } from './caller/refusals.ts';
import { createVerifyVisitor } from './caller/verify-visitor.ts';
import { watchRevokedSessions } from './caller/revoked-sessions.ts';
import { createLiveAlerts, escalateAlert, escalateOverdue, notifyAlert } from './features/alerts/index.ts';
import { findRecordedHolds } from './features/audit-log/index.ts';
import { makeThumbnail } from './features/imaging/index.ts';
import { scheduleSweeps, sweepObjects } from './features/object-sweep/index.ts';
import { sweepTranscripts } from './features/transcript-sweep/index.ts';
import { notifyGrant } from './features/break-glass/index.ts';
import { chooseOcrEngine, createFormReader, type FormReader } from './features/intake/index.ts';
import { runJobs } from './jobs/index.ts';
import { checkRootKey } from './keys/check-root-key.ts';
import type { KeyWork } from './keys/key-work.ts';
import { findSweptKeys } from './keys/sweep-keys.ts';
import { createPatientKeys } from './keys/patient-keys.ts';
import { createTenantKeys } from './keys/tenant-keys.ts';
import { watchVault } from './keys/watch-vault.ts';
import { openNotifier } from './notifier/index.ts';
import { openObjectStore } from './objects/index.ts';
import { carryOutcomes } from './outbox/carry-outcomes.ts';
import { settleIntents } from './outbox/settle-intents.ts';
import { sweepServed } from './outbox/sweep-served.ts';
import { createDispatcher } from './outbox/dispatch.ts';
import { findSeededPatients } from './seed/apply-seed.ts';
import { buildInternalServer } from './server/internal-server.ts';
import { buildPublicServer } from './server/public-server.ts';
import type { EngineSettings } from './settings.ts';
import { checkRegions } from './stores/check-regions.ts';
import { openStores } from './stores/stores.ts';
import { noTenantContext } from './stores/system-context.ts';
import type { EngineContext } from './pipeline/engine-context.ts';

export interface RunningEngine extends Closable {
  readonly url: string;
  readonly internalUrl: string;
  readonly engine: EngineContext;
}

/** A changed policy is in force, whole, this long after it was written; one that is wrong is told and not taken. */
const policyLookMs = 5_000;

/** Everything that handling a request needs, without a listener: what the server and the seeding share. */
export async function openEngine(settings: EngineSettings, logger: Logger) {
  const live = await openPolicy(settings.configFolder);
  const policy = () => live.current;
  const watched = new AbortController();
  const stores = openStores({ ...settings, policy, logger });
  try {
    await checkRegions(stores, policy(), settings.regions);
    await stores.pools.engine_audit.within(noTenantContext(), (transaction) =>
      transaction.query('SELECT audit.ensure_partitions()'),
    );
    const audit = createAuditAppender(stores.pools.engine_audit);
    await checkRootKey(stores, settings.keyManagement, logger);
    const tenantKeys = createTenantKeys(stores, settings.keyManagement);
    const patientKeys = createPatientKeys(stores, tenantKeys);
    const dispatcher = createDispatcher(stores, logger);
    const engine: EngineContext = {
      policy,
      stores,
      audit,
      tenantKeys,
      patientKeys,
      logger,
      logFolder: settings.logFolder,
      wakeRelay: (tenantId) => {
        dispatcher.wake(tenantId);
      },
    };
    watchPolicy(live, {
      intervalMs: policyLookMs,
      signal: watched.signal,
      onReload: () => {
        logger.info('policy reloaded');
      },
      onRefused: (error) => {
        logger.error('policy not reloaded', { code: error.code, err: error });
      },
    });
    const close = async () => {
      watched.abort();
      await dispatcher.close();
      tenantKeys.close();
      patientKeys.close();
      await stores.close();
    };
    const keyWork: KeyWork = { ...engine, root: settings.keyManagement };
    return { engine, keyWork, dispatcher, policySource: { live, folder: settings.configFolder }, close };
  } catch (error) {
    await stores.close();
    throw error;
  }
}

export interface EngineOptions {
  /** The issuer's keys where they are not fetched from it. */
  readonly verificationKeys?: JWTVerifyGetKey;
  /** Counts shared with other replicas; this process's own memory by default. */
  readonly rateLimit?: RateLimit;
  /** Reads forms; by default with the engine that the settings name. The engine closes it. */
  readonly reader?: FormReader;
}

/**
 * Starts the engine: its public API and the mutual-TLS listener for identity.
 */
export async function startEngine(
  settings: EngineSettings,
  logger: Logger,
  options: EngineOptions = {},
): Promise<RunningEngine> {
  const { engine, keyWork, dispatcher, policySource, close } = await openEngine(settings, logger);
  const vault = await watchVault(keyWork).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const revoked = await watchRevokedSessions(engine.stores.pools.engine_directory, logger);
  const reader = options.reader ?? createFormReader({ ocrEngine: chooseOcrEngine(settings.ocr) });
  const authenticate = createAuthenticate({
    issuer: settings.issuer,
    revoked,
    refusals: createRefusals(engine.audit, logger),
    visitors: settings.visitors.keys && {
      issuer: settings.visitors.issuer,
      verify: createVerifyVisitor(settings.visitors.keys, settings.visitors.issuer, settings.issuer.audience),
    },
    ...(options.verificationKeys && { keys: options.verificationKeys }),
  });
  const notifier = openNotifier(settings.notifier, logger);
  const objects = openObjectStore(settings.objects, engine.policy());
  const live = createLiveAlerts(engine.stores, logger);
  const jobs = await runJobs({
    connection: toClientConfig(settings.databases.engine_jobs, 'cordon engine jobs'),
    tasks: {
      'carry-outcomes': ({ tenantId }) => carryOutcomes(engine.stores, engine.audit, tenantId, 'clinical'),
      'carry-lead-outcomes': ({ tenantId }) =>
        carryOutcomes(engine.stores, engine.audit, tenantId, 'marketing'),
      'escalate-alert': (target) => escalateAlert(engine, target, live.wake),
      'notify-alert': (target) => notifyAlert(engine, notifier, settings.notifier.consoleUrl, target),
      'notify-break-glass': (target) => notifyGrant(engine, notifier, settings.notifier.consoleUrl, target),
      'make-thumbnail': (target) => makeThumbnail(engine, objects, target),
      'sweep-objects': async (target) => {
        await sweepObjects(engine, objects, target);
      },
      'sweep-served': ({ tenantId }) => sweepServed(engine.stores, tenantId),
      'sweep-transcripts': async ({ tenantId }) => {
        await sweepTranscripts(engine, tenantId);
      },
      'settle-intents': async ({ tenantId }) => {
        await settleIntents(engine, tenantId, [findRecordedHolds, findSweptKeys, findSeededPatients]);
      },
    },
    logger,
  });
  const server = await buildPublicServer({
    engine,
    authenticate,
    rateLimit: options.rateLimit ?? createRateLimit(),
    reader,
    objects,
    live,
    policySource,
    aiProviders: settings.aiProviders,
    gateKey: settings.gateKey,
    logger,
    tls: settings.tls,
    trustedProxies: settings.trustedProxies,
    databases: settings.databases,
    atRest: settings.atRest,
  });
  const { gateKey } = settings;
  const internal = buildInternalServer(engine, revoked, { tls: settings.internal, gateKey }, logger);
  const url = await server.listen({ host: settings.host, port: settings.port });
  const internalUrl = await internal.listen({ host: settings.host, port: settings.internal.port });
  const leaveSweeps = scheduleSweeps(engine.stores);
  dispatcher.start(async (tenantIds) => {
    await jobs.releaseAbandoned();
    await leaveSweeps(tenantIds);
    for (const tenantId of tenantIds) await escalateOverdue(engine, tenantId, live.wake);
  });
  logger.info('ready', { port: Number(new URL(url).port) });
  return {
    url,
    internalUrl,
    engine,
    async close() {
      live.close();
      await Promise.all([server.close(), internal.close()]);
      revoked.close();
      await vault.close();
      await reader.close();
      await jobs.stop();
      await close();
    },
  };
}

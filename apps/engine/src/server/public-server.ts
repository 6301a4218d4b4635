import type { KeyObject } from 'node:crypto';
import multipart from '@fastify/multipart';
import swagger from '@fastify/swagger';
import {
  createServer,
  registerHealth,
  type AtRestOptions,
  type CordonServer,
  type DatabaseSettings,
  type Logger,
} from '@cordon/service';
import { identifierQuery, keepAnswer, tellAtRest } from '@cordon/stores/at-rest';
import { securityHeadersPlugin, type RateLimit } from '@cordon/web-guard';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Authenticate } from '../caller/authenticate.ts';
import {
  registerAiGatewayRoutes,
  type PolicySource,
  type ProviderSettings,
} from '../features/ai-gateway/index.ts';
import { registerAppointmentRoutes } from '../features/appointments/index.ts';
import { registerAlertRoutes, type LiveAlerts } from '../features/alerts/index.ts';
import { registerAuditLogRoutes } from '../features/audit-log/index.ts';
import { registerBillingRecordRoutes } from '../features/billing-records/index.ts';
import { registerBreakGlassRoutes } from '../features/break-glass/index.ts';
import { registerChatTranscriptRoutes } from '../features/chat-transcripts/index.ts';
import { registerClinicSettingsRoutes } from '../features/clinic-settings/index.ts';
import { registerClinicSwitchRoutes } from '../features/clinic-switch/index.ts';
import { registerClinicalRecordRoutes } from '../features/clinical-records/index.ts';
import { registerClinicianRoutes } from '../features/clinicians/index.ts';
import { registerConsentRecordRoutes } from '../features/consent-records/index.ts';
import { registerFigureRoutes } from '../features/figures/index.ts';
import { registerGateBoardRoutes } from '../features/gate-board/index.ts';
import { registerImagingRoutes } from '../features/imaging/index.ts';
import { registerIntakeRoutes, type FormReader } from '../features/intake/index.ts';
import { registerLeadRoutes } from '../features/leads/index.ts';
import { registerMeRoutes } from '../features/me/index.ts';
import { registerPatientRoutes } from '../features/patients/index.ts';
import { registerTreatmentPlanRoutes } from '../features/treatment-plans/index.ts';
import type { ObjectStore } from '../objects/index.ts';
import { enginePools, type EnginePool } from '../stores/stores.ts';
import { noTenantContext } from '../stores/system-context.ts';
import type { EngineContext } from '../pipeline/engine-context.ts';
import { createRouteTools } from './route-tools.ts';

export interface PublicServerParts {
  readonly engine: EngineContext;
  readonly authenticate: Authenticate;
  readonly rateLimit: RateLimit;
  readonly reader: FormReader;
  readonly objects: ObjectStore;
  readonly live: LiveAlerts;
  readonly policySource: PolicySource;
  readonly aiProviders: ProviderSettings;
  readonly logger: Logger;
  /** The public key that verifies reports of the gate; without it none is shown. */
  readonly gateKey: KeyObject | undefined;
  readonly databases: Readonly<Record<EnginePool, Pick<DatabaseSettings, 'url'>>>;
  readonly atRest: AtRestOptions;
  readonly trustedProxies?: string[] | undefined;
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

/** The API that session servers and integrations speak to. */
export async function buildPublicServer(parts: PublicServerParts): Promise<CordonServer> {
  const server = createServer({
    logger: parts.logger,
    trustProxy: parts.trustedProxies,
    ...(parts.tls && { http: { https: { ...parts.tls, minVersion: 'TLSv1.2' } } }),
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  await server.register(securityHeadersPlugin, { profile: 'api' });
  await server.register(multipart);
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Cordon engine', version: '1', description: 'The API of one Cordon installation.' },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
      security: [{ bearer: [] }],
    },
    transform: jsonSchemaTransform,
  });
  const { stores } = parts.engine;
  const { pools } = stores;
  const served = Object.entries(enginePools).map(([pool, store]) => ({
    store,
    url: parts.databases[pool as EnginePool].url,
  }));
  const atRest = keepAnswer(() =>
    tellAtRest(served, parts.atRest, {
      url: parts.databases.engine_jobs.url,
      identify: async () => {
        const { rows } = await pools.engine_jobs.query<{ identifier: string }>(
          noTenantContext(),
          identifierQuery,
        );
        return rows[0]?.identifier ?? '';
      },
    }),
  );
  registerHealth(
    server,
    [
      { name: 'clinical', run: () => pools.engine_clinical.ping() },
      { name: 'vault', run: () => pools.engine_vault.ping() },
      { name: 'audit', run: () => pools.engine_audit.ping() },
      { name: 'marketing', run: () => pools.engine_marketing.ping() },
    ],
    [{ name: 'encryptionAtRest', tell: atRest }],
  );
  await server.register((scope, _options, done) => {
    const tools = createRouteTools({
      server: scope.withTypeProvider<ZodTypeProvider>(),
      engine: parts.engine,
      authenticate: parts.authenticate,
      rateLimit: parts.rateLimit,
    });
    registerMeRoutes(tools);
    registerClinicSettingsRoutes(tools);
    registerPatientRoutes(tools);
    registerIntakeRoutes(tools, { ...parts, wakeAlerts: parts.live.wake });
    registerAppointmentRoutes(tools);
    registerClinicianRoutes(tools);
    registerTreatmentPlanRoutes(tools);
    registerClinicalRecordRoutes(tools);
    registerBillingRecordRoutes(tools);
    registerChatTranscriptRoutes(tools);
    registerConsentRecordRoutes(tools);
    registerLeadRoutes(tools);
    registerBreakGlassRoutes(tools);
    registerClinicSwitchRoutes(tools);
    registerFigureRoutes(tools);
    registerAlertRoutes(tools, parts.live);
    registerImagingRoutes(tools, parts.objects);
    registerAuditLogRoutes(tools);
    registerGateBoardRoutes(tools, parts.gateKey);
    registerAiGatewayRoutes(tools, {
      policySource: parts.policySource,
      providers: parts.aiProviders,
      wakeAlerts: parts.live.wake,
    });
    done();
  });
  server.get('/openapi.json', { schema: { hide: true } }, () => server.swagger());
  return server;
}

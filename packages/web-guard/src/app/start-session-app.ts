import {
  checkAnswers,
  createServer,
  registerHealth,
  startServer,
  toClientConfig,
  type Closable,
  type Logger,
} from '@cordon/service';
import pg from 'pg';
import { createSessionServer, type SessionServerOptions } from '../server/create-session-server.ts';
import { createPostgresSessionStore } from '../session/postgres-session-store.ts';
import type { SessionLimits, WhenIdle } from '../session/session-limits.ts';
import type { SessionAppSettings } from './session-app-settings.ts';

/** What tells one browser application from another. */
export interface SessionApp extends Pick<SessionServerOptions, 'admits' | 'notAdmitted' | 'framed'> {
  readonly name: string;
  /** The login role of its sessions, and their schema. */
  readonly sessionsRole: string;
  /** The longest that its sessions may last. */
  readonly limits: SessionLimits;
  readonly whenIdle: WhenIdle;
  /** The finished build of its pages. */
  readonly pagesFolder: string;
}

/**
 * Starts an application's server: sessions, the way to the engine, and the pages.
 * @throws ServiceError `port-taken`; WebGuardError when the pages are not built.
 */
export async function startSessionApp(
  app: SessionApp,
  settings: SessionAppSettings,
  logger: Logger,
): Promise<Closable & { readonly port: number }> {
  const pool = new pg.Pool({
    ...toClientConfig(settings.database, `cordon-${app.name}`),
    max: 10,
    statement_timeout: 5_000,
    idleTimeoutMillis: 30_000,
  });
  // A connection that breaks while idle is replaced at the next use; unheard, the event would end the process.
  pool.on('error', (error) => {
    logger.warn('database connection lost', { store: 'identity', err: error });
  });
  const server = createServer({
    logger,
    trustProxy: settings.trustedProxies,
    ...(settings.tls ? { http: { https: { ...settings.tls, minVersion: 'TLSv1.2' } } } : {}),
  });
  server.addHook('onClose', () => pool.end());
  return startServer(server, settings, logger, async () => {
    const { ready } = await createSessionServer({
      server,
      app: app.name,
      publicUrl: settings.publicUrl,
      engineUrl: settings.engineUrl,
      provider: { ...settings.provider, clientSecret: settings.clientSecret },
      store: createPostgresSessionStore({ pool, schema: app.sessionsRole, locks: app.whenIdle !== 'ends' }),
      sessionKey: settings.sessionKey,
      limits: settings.limits,
      whenIdle: app.whenIdle,
      admits: app.admits,
      notAdmitted: app.notAdmitted,
      pages: { folder: app.pagesFolder },
      ...(app.framed && { framed: app.framed }),
      probes: ['/health/live', '/health/ready'],
      onEvent: ({ event, error, ...fields }) => {
        logger.info(event, { ...fields, ...(error === undefined ? {} : { err: error }) });
      },
    });
    registerHealth(server, [
      { name: 'sessions', run: () => pool.query('SELECT 1') },
      { name: 'identity', run: ready },
      { name: 'engine', run: () => checkAnswers(`${settings.engineUrl}/health/live`) },
    ]);
  });
}

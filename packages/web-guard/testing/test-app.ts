import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, createServer, type CordonServer } from '@cordon/service';
import pg from 'pg';
import { createPostgresSessionStore, createSessionServer, type SessionEvent, type SessionServerOptions, type Sessions } from '../index.ts'; // prettier-ignore
import { clientId, clientSecret, resource, type TestProvider } from './test-provider.ts';

/** A public address must be known before the provider starts. */
export { findFreeBasePort as findFreePort } from '../../../testing/end-to-end/find-ports.ts';

export interface TestApp {
  readonly server: CordonServer;
  readonly sessions: Sessions;
  readonly port: number;
  readonly pool: pg.Pool;
  readonly events: SessionEvent[];
  close(): Promise<void>;
}

/** The smallest build: a page, an asset with a hash in its name, and a file beside them. */
export async function buildTestPages(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-pages-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>the page</title>');
  await writeFile(join(folder, 'assets', 'index-DkX9_a-1.js'), 'export {};');
  await writeFile(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(folder, '.secret'), 'hidden');
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

export interface TestAppOptions {
  port: number;
  publicUrl: string;
  provider: TestProvider;
  engineUrl: string;
  database: pg.ClientConfig;
  schema: string;
  sessionKey?: Buffer;
  pagesFolder?: string;
  more?: Partial<SessionServerOptions>;
}

export async function startTestApp(options: TestAppOptions): Promise<TestApp> {
  const pool = new pg.Pool({ ...options.database, max: 4 });
  const events: SessionEvent[] = [];
  const server = createServer({ logger: createLogger({ app: 'test', level: 'silent' }) });
  server.addHook('onClose', () => pool.end());
  const { sessions } = await createSessionServer({
    server,
    app: 'test',
    publicUrl: options.publicUrl,
    engineUrl: options.engineUrl,
    provider: { issuer: options.provider.issuer, clientId, clientSecret, resource },
    store: createPostgresSessionStore({
      pool,
      schema: options.schema,
      locks: (options.more?.whenIdle ?? 'ends') !== 'ends',
    }),
    sessionKey: options.sessionKey ?? randomBytes(32),
    limits: { idleSeconds: 900, absoluteSeconds: 43_200 },
    admits: ({ role }) => role !== 'role.patient',
    notAdmitted: 'This account is for somebody else.',
    ...(options.pagesFolder === undefined ? {} : { pages: { folder: options.pagesFolder } }),
    onEvent: (event) => events.push(event),
    ...options.more,
  });
  await server.listen({ host: '127.0.0.1', port: options.port });
  const { port } = server.server.address() as AddressInfo;
  return { server, sessions, port, pool, events, close: () => server.close() };
}

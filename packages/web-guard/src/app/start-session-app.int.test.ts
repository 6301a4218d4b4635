import { randomBytes } from 'node:crypto';
import { createLogger, databaseSettings, type Closable } from '@cordon/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ask,
  buildTestPages,
  clientId,
  clientSecret,
  findFreePort,
  startTestEngine,
  startTestProvider,
  TestBrowser,
  type TestEngine,
  type TestProvider,
} from '../../testing.ts';
import { cloneStores } from '../../../../testing/stores.ts';
import { staffSessionLimits } from '../session/session-limits.ts';
import type { SessionAppSettings } from './session-app-settings.ts';
import { startSessionApp, type SessionApp } from './start-session-app.ts';

const logger = createLogger({ app: 'console', level: 'silent' });
let app: SessionApp;
let settings: SessionAppSettings;
let provider: TestProvider;
let engine: TestEngine;
let server: Closable;
let pages: Awaited<ReturnType<typeof buildTestPages>>;

beforeAll(async () => {
  const stores = await cloneStores(['identity']);
  const port = await findFreePort();
  const publicUrl = `http://localhost:${port}`;
  pages = await buildTestPages();
  provider = await startTestProvider([publicUrl]);
  engine = await startTestEngine();
  app = {
    name: 'console',
    sessionsRole: 'console_sessions',
    limits: staffSessionLimits,
    whenIdle: 'ends',
    admits: ({ role }) => role !== 'role.patient',
    notAdmitted: 'This account is for the patient portal.',
    pagesFolder: pages.folder,
  };
  settings = {
    host: '127.0.0.1',
    port,
    publicUrl,
    provider: { issuer: provider.issuer, clientId, resource: 'urn:cordon:engine' },
    engineUrl: engine.url,
    clientSecret,
    sessionKey: randomBytes(32),
    limits: staffSessionLimits,
    trustedProxies: undefined,
    tls: undefined,
    database: databaseSettings('console_sessions', stores.environment(['console_sessions'])),
  };
  server = await startSessionApp(app, settings, logger);
});
afterAll(async () => {
  await Promise.all([server.close(), provider.close(), engine.close(), pages.remove()]);
});

async function signIn(role: string) {
  provider.next.role = role;
  const browser = new TestBrowser();
  const end = await browser.navigate(`${settings.publicUrl}/auth/sign-in`);
  return { browser, end };
}

describe('a browser application', () => {
  it('lets in whom it is for, and through to the engine', async () => {
    const { browser, end } = await signIn('role.clinician');
    expect([end.status, end.body]).toEqual([200, '<!doctype html><title>the page</title>']);
    expect((await browser.call(`${settings.publicUrl}/api/v1/me`)).json()).toEqual({ ok: true });
    const session = (await browser.call(`${settings.publicUrl}/auth/session`)).json();
    expect(session['signedIn']).toBe(true);
    expect(Number(session['idleSeconds'])).toBeGreaterThan(staffSessionLimits.idleSeconds - 60);
  });

  it('turns others away on a plain page', async () => {
    const { browser, end } = await signIn('role.patient');
    expect(end.status).toBe(403);
    expect(end.body).toContain('This account is for the patient portal.');
    const session = await browser.call(`${settings.publicUrl}/auth/session`);
    expect(session.json()).toEqual({ signedIn: false });
  });

  it('says whether it is ready, under any host name, and what is missing', async () => {
    const probe = () => ask(`${settings.publicUrl}/health/ready`, { headers: { host: '10.0.0.7' } });
    const checks = { sessions: 'ok', identity: 'ok', engine: 'ok' };
    expect((await probe()).json()).toEqual({ status: 'ok', checks });
    engine.answer = (_request, response) => response.writeHead(503).end();
    const away = await probe();
    expect([away.status, away.json()['checks']]).toEqual([503, { ...checks, engine: 'failed' }]);
    engine.answer = undefined;
  });

  it('does not start on a taken port or without its pages, and leaves nothing open', async () => {
    await expect(startSessionApp(app, settings, logger)).rejects.toMatchObject({ code: 'port-taken' });
    const unbuilt = { ...app, pagesFolder: '/nonexistent' };
    await expect(startSessionApp(unbuilt, { ...settings, port: 0 }, logger)).rejects.toMatchObject({
      code: 'guard-option-invalid',
    });
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patientSessionLimits, staffSessionLimits } from '../session/session-limits.ts';
import { readSessionAppSettings } from './session-app-settings.ts';

const staffApp = { sessionsRole: 'console_sessions', limits: staffSessionLimits };

let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-console-'));
  const file = async (name: string, content: string | Buffer, mode = 0o600) => {
    await writeFile(join(folder, name), content, { mode });
    return join(folder, name);
  };
  environment = {
    CORDON_PORT: '7400',
    CORDON_PUBLIC_URL: 'http://localhost:7400/',
    CORDON_ISSUER_URL: 'http://localhost:7403',
    CORDON_ENGINE_URL: 'http://localhost:7402',
    CORDON_CLIENT_ID: 'console',
    CORDON_CLIENT_SECRET_FILE: await file('secret', 's'.repeat(43)),
    CORDON_SESSION_KEY_FILE: await file('key', Buffer.alloc(32, 7)),
    CORDON_DB_CONSOLE_SESSIONS_URL: 'postgres://localhost:7405/cordon_identity',
    CORDON_DB_CONSOLE_SESSIONS_PASSWORD_FILE: await file('password', 'p'),
    CORDON_DB_CA_FILE: await file('ca', 'c', 0o644),
  };
});
afterAll(() => rm(folder, { recursive: true }));

describe('the settings of a browser application', () => {
  it('come with the limits of staff, on loopback', () => {
    expect(readSessionAppSettings(staffApp, environment)).toMatchObject({
      host: '127.0.0.1',
      port: 7400,
      publicUrl: 'http://localhost:7400',
      limits: { idleSeconds: 900, absoluteSeconds: 43200 },
      trustedProxies: undefined,
      tls: undefined,
    });
  });

  it('take any provider, and what it calls things', () => {
    const settings = readSessionAppSettings(staffApp, {
      ...environment,
      CORDON_ISSUER_URL: 'https://clinic.eu.auth0.com/',
      CORDON_SIGN_IN_PARAMETERS: 'audience=urn%3Acordon%3Aengine',
      CORDON_PUSHED_REQUESTS: 'where-offered',
      CORDON_CLAIM_ROLE: 'https://clinic.example/role',
    });
    expect(settings.provider).toEqual({
      issuer: 'https://clinic.eu.auth0.com/',
      clientId: 'console',
      resource: 'urn:cordon:engine',
      scope: 'openid offline_access',
      parameters: { audience: 'urn:cordon:engine' },
      allowUnpushedRequests: true,
      claims: {
        tenantId: 'tenant_id',
        role: 'https://clinic.example/role',
        sid: 'sid',
        factor: 'acr',
        factorValue: 'urn:cordon:acr:mfa',
        authTime: 'auth_time',
      },
      stepUpAcr: 'urn:cordon:acr:mfa',
    });
  });

  it('come with the limits of patients where the application is for them', () => {
    const app = { ...staffApp, limits: patientSessionLimits };
    expect(readSessionAppSettings(app, environment).limits).toEqual({
      idleSeconds: 1200,
      absoluteSeconds: 86400,
    });
  });

  it('take shorter limits', () => {
    const settings = readSessionAppSettings(staffApp, { ...environment, CORDON_SESSION_IDLE_SECONDS: '300' });
    expect(settings.limits.idleSeconds).toBe(300);
  });

  it.each([
    ['a longer idle time', { CORDON_SESSION_IDLE_SECONDS: '901' }, 'CORDON_SESSION_IDLE_SECONDS'],
    ['a longer session', { CORDON_SESSION_ABSOLUTE_SECONDS: '43201' }, 'CORDON_SESSION_ABSOLUTE_SECONDS'],
    ['a public address without TLS', { CORDON_PUBLIC_URL: 'http://console.example' }, 'CORDON_PUBLIC_URL'],
    ['an open port without TLS', { CORDON_HOST: '0.0.0.0' }, 'CORDON_HOST'],
    [
      'an open port behind a public address over https, without TLS of its own',
      { CORDON_HOST: '0.0.0.0', CORDON_PUBLIC_URL: 'https://console.example' },
      'CORDON_HOST',
    ],
    ['a certificate without its key', { CORDON_TLS_CERT_FILE: '/dev/null' }, 'CORDON_TLS_KEY_FILE'],
    ['a scope without a person', { CORDON_SIGN_IN_SCOPE: 'offline_access' }, 'CORDON_SIGN_IN_SCOPE'],
    ['no session key', { CORDON_SESSION_KEY_FILE: undefined }, 'CORDON_SESSION_KEY_FILE'],
  ])('refuse %s', (_case, change, name) => {
    expect(() => readSessionAppSettings(staffApp, { ...environment, ...change })).toThrow(
      expect.objectContaining({
        code: 'settings-invalid',
        publicMessage: expect.stringContaining(name) as string,
      }),
    );
  });
});

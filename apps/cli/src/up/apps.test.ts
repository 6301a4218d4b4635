import { fileURLToPath } from 'node:url';
import { type LoginAddress, readStoreDefinitions } from '@cordon/stores';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AppContext, type AppName, apps, describeApp } from './apps.ts';
import { checkoutRoot, makeLayout } from './layout.ts';
import { makeOrigins } from './origins.ts';
import { secretFilesIn } from './secrets.ts';

const layout = makeLayout(checkoutRoot, 7400);
const file = (name: string): string => `/secrets/${name}`;
let context: AppContext;
/** Every secret file that exists, by the processes that may know it. */
const logins: string[] = [];

beforeAll(async () => {
  const definitions = await readStoreDefinitions(
    fileURLToPath(new URL('../../../../database', import.meta.url)),
  );
  const addresses = new Map<string, LoginAddress>();
  for (const definition of definitions)
    for (const role of definition.logins) {
      logins.push(role);
      addresses.set(role, {
        role,
        host: 'localhost',
        port: 7405,
        database: definition.database,
        passwordFile: file(`${role}.password`),
        authorityFile: file('ca.crt'),
        ...(definition.clientCertificates && {
          certificate: { certificateFile: file(`${role}.crt`), keyFile: file(`${role}.key`) },
        }),
      });
    }
  const certificate = (name: string) => ({
    certificateFile: file(`tls/${name}.crt`),
    keyFile: file(`tls/${name}.key`),
    authorityFile: file(`tls/${name}-ca.crt`),
  });
  context = {
    layout,
    origins: makeOrigins(layout.ports, false),
    files: secretFilesIn('/secrets'),
    certificates: {
      engineInternal: certificate('engine'),
      identityClient: certificate('identity'),
      gateClient: certificate('gate'),
    },
    stores: {
      definitions,
      serverOf: () => ({ database: 'never', administrator: {} }),
      logins: addresses,
      sealKeyFiles: new Map(
        definitions.filter(({ sealed }) => sealed).map(({ store }) => [store, file(`seal-${store}.key`)]),
      ),
      ended: new Promise(() => undefined),
      stop: () => Promise.resolve(),
    },
    logLevel: 'info',
    site: { tenantId: 'tenant', clinicId: 'clinic' },
  };
});

const environmentOf = (name: AppName) => describeApp(name, context).environment;
const secretsOf = (name: AppName): string[] =>
  Object.values(environmentOf(name)).filter((value) => /^\/secrets\/.*(?<!ca\.crt)$/.test(value));
const rolesOf = (name: AppName): string[] =>
  Object.keys(environmentOf(name))
    .map((key) => /^CORDON_DB_(.+)_URL$/.exec(key)?.[1]?.toLowerCase())
    .filter((role) => role !== undefined);

describe('what each process is told', () => {
  it('holds no secret of another process', () => {
    const seen = new Map<string, AppName>();
    for (const name of apps)
      for (const secret of secretsOf(name)) {
        // Identity checks the secrets that the pages sign in with, through the clients file alone.
        expect([secret, seen.get(secret)]).toEqual([secret, undefined]);
        seen.set(secret, name);
      }
  });

  it('gives each login role of the stores to one process, or to none that is started here', () => {
    const given = apps.flatMap(rolesOf);
    expect(given.toSorted()).toEqual([...new Set(given)].toSorted());
    // What visitors leave goes through the engine; the verifier is a person's command.
    expect(logins.filter((role) => !given.includes(role)).toSorted()).toEqual([
      'audit_verifier',
      'web_marketing',
    ]);
  });

  it('gives the clinical and vault stores, the root key and the seal keys to the engine alone', () => {
    for (const name of apps.filter((each) => each !== 'engine')) {
      const text = JSON.stringify(environmentOf(name));
      for (const word of ['cordon_clinical', 'cordon_vault', 'root.key', 'seal-', 'engine_'])
        expect(text).not.toContain(word);
    }
    expect(rolesOf('console')).toEqual(['console_sessions']);
    expect(rolesOf('portal')).toEqual(['portal_sessions']);
    expect(rolesOf('web')).toEqual([]);
    expect(rolesOf('identity').toSorted()).toEqual(['identity_app', 'identity_audit']);
  });

  it('hands the way to a model to the engine alone', () => {
    process.env['CORDON_AI_KEYS_DIR'] = '/secrets/ai';
    process.env['OPENAI_API_KEY'] = 'sk-canary';
    try {
      for (const name of apps) {
        const environment = environmentOf(name);
        expect([name, environment['CORDON_AI_KEYS_DIR']]).toEqual([
          name,
          name === 'engine' ? '/secrets/ai' : undefined,
        ]);
        expect(JSON.stringify(environment)).not.toContain('sk-canary');
      }
    } finally {
      delete process.env['CORDON_AI_KEYS_DIR'];
      delete process.env['OPENAI_API_KEY'];
    }
  });

  it('names secrets by file and puts none into an address', () => {
    for (const name of apps)
      for (const [key, value] of Object.entries(environmentOf(name)))
        if (key.endsWith('_URL')) {
          const { hostname, password, search } = new URL(value);
          const verified = key.startsWith('CORDON_DB_') ? '?sslmode=verify-full' : '';
          expect([key, hostname, password, search]).toEqual([key, 'localhost', '', verified]);
        }
  });

  it('inherits nothing of ours but the search path', () => {
    process.env['CORDON_CANARY'] = 'x';
    for (const name of apps) expect(Object.keys(environmentOf(name))).not.toContain('CORDON_CANARY');
    delete process.env['CORDON_CANARY'];
  });

  it('binds every process to loopback, each to a port of its own', () => {
    const listening = apps.filter((name) => name !== 'sequencer');
    expect(new Set(listening.map((name) => environmentOf(name)['CORDON_HOST']))).toEqual(
      new Set(['127.0.0.1']),
    );
    expect(listening.map((name) => environmentOf(name)['CORDON_PORT'])).toEqual([
      '7402',
      '7403',
      '7400',
      '7401',
      '7406',
    ]);
    expect(environmentOf('sequencer')).not.toHaveProperty('CORDON_PORT');
  });
});

import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createLogger,
  createServer,
  databaseSettings,
  readAtRestSettings,
  serverTls,
  type Environment,
} from '@cordon/service';
import { readOwnServers, readStoreDefinitions } from '@cordon/stores';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readReceiver } from '../apps/cli/src/gate/send-report.ts';
import { readIdentitySettings } from '../apps/identity/src/settings.ts';
import { readOcrSettings } from '../apps/engine/src/features/intake/ocr-settings.ts';
import { readKeyManagement } from '../apps/engine/src/keys/key-management-settings.ts';
import { readNotifierSettings } from '../apps/engine/src/notifier/settings.ts';
import { readObjectSettings } from '../apps/engine/src/objects/object-settings.ts';
import { readEngineSettings } from '../apps/engine/src/settings.ts';
import { readBuckets } from '../apps/sequencer/src/log-bucket.ts';
import { readAddress } from '../apps/sequencer/src/read-address.ts';
import { readWebSettings } from '../apps/web/src/settings.ts';
import { ciphers as keyManagementCiphers } from '../packages/field-encryption/src/key-management/send-json.ts';
import { readSessionAppSettings } from '../packages/web-guard/src/app/session-app-settings.ts';

const root = join(import.meta.dirname, '..');
const far = 'http://clinic.example';
const ownFile = join(import.meta.dirname, 'wires.test.ts');
const session = { idleSeconds: 900, absoluteSeconds: 3_600 };
const readPortal = (environment: Environment) =>
  readSessionAppSettings({ sessionsRole: 'portal_sessions', limits: session }, environment);
const s3 = {
  CORDON_OBJECTS_S3_REGION: 'eu-west-2',
  CORDON_OBJECTS_S3_CREDENTIALS_FILE: ownFile,
  CORDON_REGION_OBJECTS: 'region.uk',
};

/** Every setting that names an address, who reads it, and what a start without TLS is told. */
const addresses: readonly (readonly [
  name: string,
  read: (environment: Environment) => unknown,
  rest?: Environment,
])[] = [
  ['CORDON_ISSUER_URL', readEngineSettings],
  ['CORDON_ISSUER_URL', readPortal],
  ['CORDON_ISSUER_URL', readIdentitySettings],
  ['CORDON_JWKS_URL', readEngineSettings],
  ['CORDON_ENGINE_URL', readPortal],
  ['CORDON_ENGINE_URL', readWebSettings],
  ['CORDON_PUBLIC_URL', readPortal],
  ['CORDON_PUBLIC_URL', readWebSettings],
  ['CORDON_ENGINE_INTERNAL_URL', readIdentitySettings],
  ['CORDON_GATE_ENGINE_URL', readReceiver],
  ['CORDON_CONSOLE_URL', readIdentitySettings],
  ['CORDON_PORTAL_URL', readIdentitySettings],
  ['CORDON_CONSOLE_URL', readNotifierSettings, { CORDON_ENV: 'demo' }],
  ['CORDON_OBJECTS_S3_URL', readObjectSettings, s3],
  ['CORDON_RDS_ENDPOINT', readAtRestSettings],
  ['CORDON_DOCUMENT_AI_ENDPOINT', readOcrSettings, { CORDON_OCR_ENGINE: 'document-ai' }],
];

const vendorFile = (content: object): string => {
  const file = join(folder, `${Object.keys(content).join('-')}.json`);
  writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
  return file;
};
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-wires-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Those that need more around them than a name. */
const others: readonly (readonly [name: string, read: (address: string) => unknown])[] = [
  [
    'CORDON_TWILIO_URL',
    (address) =>
      readNotifierSettings({
        CORDON_ENV: 'demo',
        CORDON_NOTIFIER: 'twilio',
        CORDON_TWILIO_URL: address,
        CORDON_TWILIO_FROM: '+441632960000',
        CORDON_TWILIO_CREDENTIALS_FILE: vendorFile({
          accountSid: `AC${'0'.repeat(32)}`,
          authToken: 'of the test, 16 long',
        }),
        CORDON_NOTIFIER_RECIPIENTS_FILE: vendorFile({}),
      }),
  ],
  [
    'CORDON_AWS_KMS_ENDPOINT',
    (address) =>
      readKeyManagement({
        CORDON_ENV: 'production',
        CORDON_KEY_MANAGEMENT: 'aws-kms',
        CORDON_AWS_REGION: 'eu-west-2',
        CORDON_AWS_KMS_KEY_ID: 'alias/cordon',
        CORDON_AWS_KMS_ENDPOINT: address,
        CORDON_AWS_CREDENTIALS_FILE: vendorFile({ AccessKeyId: 'a', SecretAccessKey: 'b' }),
      }),
  ],
  [
    'CORDON_VAULT_TRANSIT_URL',
    (address) =>
      readKeyManagement({
        CORDON_ENV: 'production',
        CORDON_KEY_MANAGEMENT: 'vault-transit',
        CORDON_VAULT_TRANSIT_URL: address,
        CORDON_VAULT_TRANSIT_KEY: 'cordon',
        CORDON_VAULT_TRANSIT_TOKEN_FILE: vendorFile({ token: 'x' }),
      }),
  ],
  ['CORDON_LOG_BUCKETS_FILE', (address) => readBuckets(`${address}/bucket eu-west-2 /file`)],
  ['CORDON_LOG_WITNESSES_FILE', (address) => readAddress('CORDON_LOG_WITNESSES_FILE', address)],
];
/** A letter's way is held by STARTTLS, which `smtp-notifier` requires beyond this machine: `apps/engine/src/notifier/notifier.test.ts`. */
const elsewhere = ['CORDON_SMTP_URL'];

const refusal = (read: () => unknown): { code?: string; publicMessage?: string } => {
  try {
    read();
    return {};
  } catch (error) {
    return error as { code: string; publicMessage: string };
  }
};

it('have the same TLS suites to key management, whose package stands alone, as to everything else', () => {
  expect(keyManagementCiphers).toBe(serverTls.ciphers);
});

describe('an address over http beyond this machine stops the start, and the sentence says why', () => {
  it.each(addresses.map(([name, read, rest]) => ({ name, read, rest })))(
    '$name of $read.name',
    ({ name, read, rest }) => {
      const told = refusal(() => read({ ...rest, [name]: far }));
      expect(told.code).toBe('settings-invalid');
      const problem = (told.publicMessage ?? '').split(`${name}: `)[1];
      expect(problem).toMatch(/^[^;,]*(https|Invalid URL)/);
    },
  );

  it.each(others)('%s', (_name, read) => {
    const told = refusal(() => read(far));
    expect(told.code).toBe('settings-invalid');
    expect(told.publicMessage).toMatch(/https/);
    expect(refusal(() => read('https://clinic.example'))).toEqual({});
  });

  it('is tested for every setting that names one', () => {
    const sources = ['apps/*/src/**/*.ts', 'packages/*/src/**/*.ts'].flatMap((pattern) =>
      globSync(pattern, { cwd: root }),
    );
    const named = new Set(
      sources
        .filter((file) => !/\.test\.ts$|\/testing\//.test(file))
        .flatMap(
          (file) => readFileSync(join(root, file), 'utf8').match(/CORDON_[A-Z0-9_]+_(URL|ENDPOINT)\b/g) ?? [],
        )
        // Databases: below.
        .filter((name) => !/^CORDON_(DB_[A-Z_]+|CLINICAL|VAULT|AUDIT|MARKETING|IDENTITY)_URL$/.test(name)),
    );
    const tested = [...addresses, ...others].map(([name]) => name).concat(elsewhere);
    expect([...named].filter((name) => !tested.includes(name))).toEqual([]);
  });
});

describe('a database without sslmode=verify-full stops the start, and the sentence says why', () => {
  it.each(['', '?sslmode=disable', '?sslmode=prefer', '?sslmode=require', '?sslmode=verify-ca'])(
    'of a login role, with "%s"',
    (mode) => {
      const told = refusal(() =>
        databaseSettings('engine_clinical', {
          CORDON_DB_ENGINE_CLINICAL_URL: `postgresql://db.clinic.example/cordon_clinical${mode}`,
        }),
      );
      expect(told.code).toBe('settings-invalid');
      expect(told.publicMessage).toMatch(/CORDON_DB_ENGINE_CLINICAL_URL: [^;]*verify-full/);
    },
  );

  it.each(['', '?sslmode=require'])('of an administrator, with "%s"', async (mode) => {
    const definitions = await readStoreDefinitions(join(root, 'database'));
    const urls = definitions.map(({ store }) => [
      `CORDON_${store.toUpperCase()}_URL`,
      `postgresql://a:b@db.clinic.example/${store}${mode}`,
    ]);
    await expect(
      readOwnServers(Object.fromEntries(urls) as NodeJS.ProcessEnv, definitions),
    ).rejects.toMatchObject({
      publicMessage: expect.stringContaining('sslmode') as string,
    });
  });
});

describe('a listener beyond loopback without TLS stops the start, and the sentence says why', () => {
  // Every app listens through this function alone; the import rules would find another.
  it('whatever the app', async () => {
    const server = createServer({
      logger: createLogger({ app: 'test', destination: { write: () => undefined } }),
    });
    await expect(server.listen({ host: '0.0.0.0', port: 0 })).rejects.toMatchObject({
      code: 'settings-invalid',
      publicMessage: expect.stringContaining('CORDON_TLS_CERT_FILE') as string,
    });
    const own = globSync('apps/*/src/**/*.ts', { cwd: root }).filter(
      (file) =>
        /from 'node:(http|https|http2|tls|net)'/.test(readFileSync(join(root, file), 'utf8')) &&
        !/\.test\.ts$|\/testing\//.test(file),
    );
    const listening = own.filter((file) =>
      /createServer|createSecureServer/.test(readFileSync(join(root, file), 'utf8')),
    );
    // Looks whether a port is free, on loopback, and answers nobody.
    expect(listening).toEqual(['apps/cli/src/up/ports.ts']);
  });
});

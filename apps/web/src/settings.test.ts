import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readWebSettings } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'cordon-web-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function keyFile(name: string, pem: string): string {
  const file = join(folder, name);
  writeFileSync(file, pem, { mode: 0o600 });
  return file;
}
const pem = (curve: string) =>
  generateKeyPairSync('ec', { namedCurve: curve })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
const good = {
  CORDON_PORT: '0',
  CORDON_PUBLIC_URL: 'http://localhost:7406/',
  CORDON_ENGINE_URL: 'http://localhost:7402',
  CORDON_SITE_TENANT_ID: randomUUID(),
  CORDON_SITE_CLINIC_ID: randomUUID(),
  CORDON_VISITOR_KEY_FILE: keyFile('good.key', pem('P-256')),
};

it('are read from the environment and the file that it names', () => {
  const settings = readWebSettings(good);
  expect(settings.publicUrl).toBe('http://localhost:7406');
  expect(settings.site).toEqual({
    tenantId: good.CORDON_SITE_TENANT_ID,
    clinicId: good.CORDON_SITE_CLINIC_ID,
  });
  expect(settings.visitorKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  expect(settings.phone).toBeUndefined();
  expect(readWebSettings({ ...good, CORDON_SITE_PHONE: ' +44 (0)113 496-0123 ' }).phone).toBe(
    '+44 (0)113 496-0123',
  );
});

it.each([
  ['a tenant that is no id', { CORDON_SITE_TENANT_ID: 'northgate' }, 'CORDON_SITE_TENANT_ID'],
  ['no key', { CORDON_VISITOR_KEY_FILE: undefined }, 'CORDON_VISITOR_KEY_FILE'],
  [
    'a key of another curve',
    { CORDON_VISITOR_KEY_FILE: keyFile('p384.key', pem('P-384')) },
    'CORDON_VISITOR_KEY_FILE',
  ],
  ['a file without a key', { CORDON_VISITOR_KEY_FILE: keyFile('no.key', 'none') }, 'CORDON_VISITOR_KEY_FILE'],
  [
    'an engine beyond this machine without TLS',
    { CORDON_ENGINE_URL: 'http://engine.example' },
    'CORDON_ENGINE_URL',
  ],
  [
    'a certificate without its key',
    { CORDON_TLS_CERT_FILE: good.CORDON_VISITOR_KEY_FILE },
    'CORDON_TLS_KEY_FILE',
  ],
  ['a listener for everybody without TLS', { CORDON_HOST: '0.0.0.0' }, 'CORDON_HOST'],
  ['a public address without TLS', { CORDON_PUBLIC_URL: 'http://clinic.example' }, 'CORDON_PUBLIC_URL'],
])('are refused with %s, by name', (_case, change, name) => {
  expect(() => readWebSettings({ ...good, ...change })).toThrow(
    expect.objectContaining({
      code: 'settings-invalid',
      publicMessage: expect.stringContaining(name) as string,
    }),
  );
});

it.each(['', '0113', '0113 496 0123 or ask', 'tel:01134960123', '<b>0113 496 0123</b>', '1234567890123456'])(
  'are refused with %j for a telephone number',
  (phone) => {
    expect(() => readWebSettings({ ...good, CORDON_SITE_PHONE: phone })).toThrow(
      expect.objectContaining({ publicMessage: expect.stringContaining('CORDON_SITE_PHONE') as string }),
    );
  },
);

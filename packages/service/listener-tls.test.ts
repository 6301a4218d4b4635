import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueAuthority, issueCertificate } from '@cordon/stores/certificates';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { listenerTlsSettings, readSettings, toListenerTls } from './index.ts';

let folder: string;
const files = { cert: '', key: '', otherKey: '' };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-pair-'));
  const authority = await issueAuthority('Test authority', 2);
  const request = { commonName: 'localhost', use: 'server', hosts: ['localhost'], days: 2 } as const;
  const [own, other] = [
    await issueCertificate(authority, request),
    await issueCertificate(authority, request),
  ];
  for (const [name, text] of Object.entries({ cert: own.certificate, key: own.key, otherKey: other.key })) {
    files[name as keyof typeof files] = join(folder, name);
    await writeFile(join(folder, name), text, { mode: 0o600 });
  }
});
afterAll(() => rm(folder, { recursive: true }));

const schema = z.object({ CORDON_HOST: z.string().default('127.0.0.1'), ...listenerTlsSettings });
const read = (environment: Readonly<Record<string, string>>) =>
  toListenerTls(readSettings(schema, environment));

describe('certificate and key of a listener', () => {
  it('are taken together', () => {
    const tls = read({
      CORDON_HOST: '0.0.0.0',
      CORDON_TLS_CERT_FILE: files.cert,
      CORDON_TLS_KEY_FILE: files.key,
    });
    expect(tls?.cert).toMatch(/BEGIN CERTIFICATE/);
    expect(tls?.key).toMatch(/BEGIN PRIVATE KEY/);
  });

  it('may both be absent on loopback', () => {
    expect(read({})).toBeUndefined();
  });

  it.each([
    ['no key', { cert: 'cert' }, 'CORDON_TLS_KEY_FILE: belongs together'],
    ['no certificate', { key: 'key' }, 'CORDON_TLS_CERT_FILE: belongs together'],
    ["another certificate's key", { cert: 'cert', key: 'otherKey' }, 'CORDON_TLS_KEY_FILE: is not the key'],
    ['each in the place of the other', { cert: 'key', key: 'cert' }, 'CORDON_TLS_KEY_FILE: is not the key'],
    ['a file that is not there', { cert: 'gone', key: 'key' }, 'CORDON_TLS_CERT_FILE: .* cannot be read'],
  ] as const)('are refused with %s', (_case, given: { cert?: string; key?: string }, sentence) => {
    const at = (name: string | undefined, variable: string) =>
      name === undefined ? {} : { [variable]: join(folder, name) };
    const environment = {
      ...at(given.cert, 'CORDON_TLS_CERT_FILE'),
      ...at(given.key, 'CORDON_TLS_KEY_FILE'),
    };
    expect(() => read(environment)).toThrow(
      expect.objectContaining({
        code: 'settings-invalid',
        publicMessage: expect.stringMatching(sentence) as string,
      }),
    );
  });

  it.each(['0.0.0.0', '::', '::ffff:0.0.0.0', '::ffff:127.0.0.1', '[::]', '0', '127.1', '0x7f000001', '', '*', '10.0.0.4', 'clinic.example', 'localhost.clinic.example'])(
    'are needed at "%s"',
    (host) => {
      expect(() => read({ CORDON_HOST: host })).toThrow(/CORDON_HOST: a listener beyond loopback needs/);
    },
  ); // prettier-ignore
});

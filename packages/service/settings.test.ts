import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  databaseSettings,
  port,
  readSettings,
  secretBytes,
  secretFile,
  toClientConfig,
  url,
} from './index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-settings-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, content: string | Buffer, mode = 0o600): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

const schema = z.object({ PORT: port, TARGET: url, KEY_FILE: secretBytes(4), WORD_FILE: secretFile });

describe('settings', () => {
  it('are read from the environment and from the files that it names', async () => {
    const settings = readSettings(schema, {
      PORT: '7400',
      TARGET: 'https://example.org/',
      KEY_FILE: await file('key', Buffer.of(1, 2, 3, 4)),
      WORD_FILE: await file('word', 'open sesame\n'),
    });
    expect(settings).toEqual({
      PORT: 7400,
      TARGET: 'https://example.org',
      KEY_FILE: Buffer.of(1, 2, 3, 4),
      WORD_FILE: 'open sesame',
    });
  });

  it('name every problem at once, and no value', async () => {
    const environment = {
      PORT: '99999',
      KEY_FILE: await file('short', 'secret-material'),
      WORD_FILE: join(folder, 'missing'),
    };
    let told = '';
    try {
      readSettings(schema, environment);
    } catch (error) {
      expect(error).toMatchObject({ code: 'settings-invalid' });
      told = String(error);
    }
    for (const name of ['PORT', 'TARGET: is not set', 'KEY_FILE', 'WORD_FILE']) expect(told).toContain(name);
    expect(told).not.toContain('secret-material');
  });

  it('refuse a secret that everybody can read', async () => {
    const path = await file('open', 'word', 0o644);
    expect(() => readSettings(z.object({ WORD_FILE: secretFile }), { WORD_FILE: path })).toThrow(/chmod/);
  });
});

describe('an address', () => {
  it.each([
    ['http://clinic.example/', 'TARGET: must be https beyond this machine'],
    ['http://10.0.0.4:8200', 'TARGET: must be https beyond this machine'],
    ['http://localhost.clinic.example', 'TARGET: must be https beyond this machine'],
    // A resolver may send it anywhere; RFC 6761 only says that it should not.
    ['http://clinic.localhost', 'TARGET: must be https beyond this machine'],
    ['HTTP://clinic.example', 'TARGET: must be https beyond this machine'],
    ['http://localhost@clinic.example', 'TARGET: must be https beyond this machine'],
    ['http://0.0.0.0:1', 'TARGET: must be https beyond this machine'],
    ['http://[::]:1', 'TARGET: must be https beyond this machine'],
    ['http://[::ffff:10.0.0.4]:1', 'TARGET: must be https beyond this machine'],
    ['http:clinic.example', 'TARGET: must be https beyond this machine'],
  ])('is refused without TLS beyond this machine: %s', (address, sentence) => {
    expect(() => readSettings(z.object({ TARGET: url }), { TARGET: address })).toThrow(sentence);
  });

  it.each(['http://localhost:7403', 'http://127.0.0.1', 'http://[::1]:1', 'https://clinic.example'])(
    'is taken where it stays here or is verified: %s',
    (address) => {
      expect(readSettings(z.object({ TARGET: url }), { TARGET: address }).TARGET).toBe(address);
    },
  );
});

describe('a database', () => {
  it.each([
    ['postgresql://a@db.clinic.example/cordon_vault', 'needs ?sslmode=verify-full beyond this machine'],
    ['postgresql://a@localhost/cordon_vault?sslmode=disable', 'the only sslmode is verify-full'],
    ['postgresql://a@localhost/cordon_vault?sslmode=require', 'the only sslmode is verify-full'],
    ['https://localhost/cordon_vault', 'must begin with postgresql://'],
    ['postgresql://a@db.example/x?sslmode=verify-full&sslmode=disable', 'names sslmode more than once'],
    ['postgresql://a@db.example/x?sslmode=disable&sslmode=verify-full', 'names sslmode more than once'],
    ['postgresql://a@db.example/x?SSLMODE=disable&sslmode=verify-full', 'takes no parameter but sslmode'],
    ['postgresql://a@localhost/x?host=db.example', 'takes no parameter but sslmode'],
    ['postgresql://a@localhost/x?host=/var/run/postgresql', 'takes no parameter but sslmode'],
    [
      'postgresql://a@db.example/x?sslmode=verify-full&sslrootcert=/dev/null',
      'takes no parameter but sslmode',
    ],
    ['postgresql://a@localhost,db.example/x?sslmode=verify-full', 'must name one host'],
    ['postgresql://%2Fvar%2Frun%2Fpostgresql/x?sslmode=verify-full', 'must name one host'],
    ['postgresql:///x?sslmode=verify-full', 'must name one host'],
    ['postgresql:/var/run/postgresql?sslmode=verify-full', 'must name one host'],
    ['postgresql://a@127.0.0.1.db.example/x', 'needs ?sslmode=verify-full beyond this machine'],
    ['postgresql://a@[::ffff:10.0.0.4]/x', 'needs ?sslmode=verify-full beyond this machine'],
    ['postgresql://a@0.0.0.0/x', 'needs ?sslmode=verify-full beyond this machine'],
    ['postgresql://a:word@localhost/x', 'holds a password'],
  ])('is refused at %s', async (address, sentence) => {
    const environment = {
      CORDON_DB_ENGINE_VAULT_URL: address,
      CORDON_DB_ENGINE_VAULT_PASSWORD_FILE: await file('password', 'p'),
      CORDON_DB_CA_FILE: await file('ca', 'CA'),
    };
    expect(() => databaseSettings('engine_vault', environment)).toThrow(sentence);
  });

  it('is reached over TLS that is verified in full, with the certificate where one is given', async () => {
    const settings = databaseSettings('engine_vault', {
      CORDON_DB_ENGINE_VAULT_URL: 'postgresql://engine_vault@localhost:7405/cordon_vault',
      CORDON_DB_ENGINE_VAULT_PASSWORD_FILE: await file('password', 'p'),
      CORDON_DB_CA_FILE: await file('ca', 'CA'),
      CORDON_DB_ENGINE_VAULT_CERT_FILE: await file('cert', 'CERT'),
      CORDON_DB_ENGINE_VAULT_KEY_FILE: await file('certkey', 'KEY'),
    });
    expect(toClientConfig(settings, 'test')).toMatchObject({
      host: 'localhost',
      port: 7405,
      database: 'cordon_vault',
      user: 'engine_vault',
      password: 'p',
      ssl: { ca: 'CA', cert: 'CERT', key: 'KEY', rejectUnauthorized: true },
    });
  });
});

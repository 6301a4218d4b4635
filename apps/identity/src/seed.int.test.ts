import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes, randomUUID } from 'node:crypto';
import { createLocalKeyManagement } from '@cordon/field-encryption';
import { Secret } from 'otpauth';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneStores } from '../../../testing/stores.ts';
import { codeOf } from '../testing/identity-under-test.ts';
import { createAccounts } from './accounts/accounts.ts';
import { verifyPassword } from './accounts/password.ts';
import { createTotpFactors } from './factors/totp.ts';
import { deriveKeys } from './keys.ts';
import { seedAccounts } from './seed.ts';
import { rootKeyId } from './start.ts';

let folder: string;
let pool: Pool;
let environment: Record<string, string>;
const identityKey = randomBytes(32);

const keep = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-identity-seed-'));
  const clones = await cloneStores(['identity', 'audit']);
  pool = new Pool({ ...clones.connection('identity', 'identity_app'), max: 1 });
  const pem = keep('any.pem', 'PEM');
  const client = {
    client_id: 'cordon-cli',
    redirect_uris: ['http://127.0.0.1/callback'],
    application_type: 'native',
    token_endpoint_auth_method: 'none',
  };
  environment = {
    ...clones.environment(['identity_app', 'identity_audit']),
    CORDON_PORT: '7403',
    CORDON_ISSUER_URL: 'http://localhost:7403',
    CORDON_ENGINE_INTERNAL_URL: 'https://localhost:7404',
    CORDON_ENGINE_CLIENT_CERT_FILE: pem,
    CORDON_ENGINE_CLIENT_KEY_FILE: pem,
    CORDON_ENGINE_CLIENT_CA_FILE: pem,
    CORDON_IDENTITY_KEY_FILE: keep('identity.key', identityKey),
    CORDON_COOKIE_KEY_FILE: keep('cookie.key', 'c'.repeat(43)),
    CORDON_CLIENTS_FILE: keep('clients.json', JSON.stringify([client])),
    CORDON_CONSOLE_URL: 'http://localhost:7400',
    CORDON_PORTAL_URL: 'http://localhost:7401',
  };
});
afterAll(async () => {
  await pool.end();
  rmSync(folder, { recursive: true });
});

const seedWith = (accounts: unknown) =>
  seedAccounts({
    ...environment,
    CORDON_SEED_FILE: keep('seed.json', JSON.stringify({ tenants: [], accounts })),
  });

describe('the seed', () => {
  it('creates accounts with password and authenticator secret, once', async () => {
    const account = {
      accountId: randomUUID(),
      email: 'Dr.Ames@clinic.example',
      displayName: 'Dr Ames',
      password: 'a demo password',
      totpSecret: new Secret({ size: 20 }).base32,
      role: 'role.clinician',
      tenantId: randomUUID(),
      clinicIds: [],
      patientRecordId: null,
    };
    expect(await seedWith([account])).toBe(1);
    expect(await seedWith([account])).toBe(0);
    const keyManagement = createLocalKeyManagement({ rootKey: identityKey, rootKeyId });
    const accounts = createAccounts(pool, keyManagement, deriveKeys(identityKey));
    const found = await accounts.findByEmail(' dr.ames@CLINIC.example ');
    expect(found?.id).toBe(account.accountId);
    expect(await verifyPassword(account.password, found?.passwordHash)).toBe(true);
    expect(await accounts.readDisplayName(account.accountId)).toBe('Dr Ames');
    const totp = createTotpFactors(pool, accounts);
    expect(await totp.verify(account.accountId, codeOf(account.totpSecret))).toBe(true);
    expect(await totp.verify(account.accountId, codeOf(account.totpSecret))).toBe(false);
  });

  it('refuses an address that another account has', async () => {
    const account = {
      accountId: randomUUID(),
      email: 'dr.ames@clinic.example',
      displayName: 'Other',
      password: 'x',
    };
    await expect(seedWith([account])).rejects.toMatchObject({ code: 'identity-account-exists' });
  });

  it('refuses production', async () => {
    await expect(seedAccounts({ ...environment, CORDON_ENV: 'production' })).rejects.toMatchObject({
      code: 'identity-seed-refused',
    });
  });

  it('refuses a file of another form, without quoting it', async () => {
    const broken = seedWith([{ email: 'canary@clinic.example' }]);
    await expect(broken).rejects.toMatchObject({ code: 'identity-seed-invalid' });
    await expect(broken).rejects.not.toThrow(/canary/);
  });
});

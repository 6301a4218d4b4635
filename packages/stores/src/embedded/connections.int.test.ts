import { Client, type ClientConfig } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { cloneStores } from '../../../../testing/stores.ts';
import type { StoreClones } from '../testing/clones.ts';

let clones: StoreClones;
beforeAll(async () => {
  clones = await cloneStores(['clinical', 'vault', 'identity']);
});
afterAll(() => clones.drop());

async function connect(config: ClientConfig): Promise<unknown> {
  const client = new Client(config);
  try {
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(
      `SELECT current_user, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()`,
    );
    return rows[0];
  } finally {
    await client.end();
  }
}

const clinical = (): ClientConfig => clones.connection('clinical', 'engine_clinical');
const withoutCertificate = (config: ClientConfig): ClientConfig => ({
  ...config,
  ssl: { ca: inject('testCluster').authority },
});

describe('the server', () => {
  it('lets a login role into its own store, over TLS 1.3', async () => {
    expect(await connect(clinical())).toEqual({ current_user: 'engine_clinical', version: 'TLSv1.3' });
    expect(await connect(clones.connection('identity', 'identity_app'))).toMatchObject({
      version: 'TLSv1.3',
    });
  });

  it.each(['clinical', 'vault'])('refuses the %s store without a client certificate', async (store) => {
    const role = store === 'clinical' ? 'engine_clinical' : 'engine_vault';
    await expect(connect(withoutCertificate(clones.connection(store, role)))).rejects.toThrow(/certificate/);
  });

  it('refuses another role’s certificate, with the right password', async () => {
    const other = clones.connection('clinical', 'engine_jobs');
    await expect(connect({ ...other, user: 'engine_jobs' })).resolves.toMatchObject({
      current_user: 'engine_jobs',
    });
    // PostgreSQL words it as the password's failure, so as not to tell which of the two was wrong.
    await expect(connect({ ...clinical(), ssl: other.ssl ?? false })).rejects.toThrow(
      /authentication failed/,
    );
  });

  it('refuses the right certificate with a wrong password', async () => {
    await expect(connect({ ...clinical(), password: 'wrong' })).rejects.toThrow(
      /password authentication failed/,
    );
  });

  it('refuses connections without TLS, the administrator’s as well', async () => {
    await expect(connect({ ...clinical(), ssl: false })).rejects.toThrow(
      /pg_hba\.conf rejects|no encryption/,
    );
    await expect(connect({ ...clones.admin('clinical'), ssl: false })).rejects.toThrow(
      /pg_hba\.conf rejects|no encryption/,
    );
  });

  it('shows a certificate that a client can check', async () => {
    await expect(connect({ ...clinical(), ssl: { rejectUnauthorized: true } })).rejects.toThrow(
      /certificate/,
    );
  });

  it.each([
    ['another store', () => clones.database('vault')],
    ['another store’s clone, with a role that needs no certificate', () => clones.database('identity')],
    ['the maintenance database', () => 'postgres'],
    ['the template it was cloned from', () => 'cordon_clinical'],
  ])('keeps a login role out of %s', async (_name, database) => {
    await expect(connect({ ...clinical(), database: database() })).rejects.toThrow(/pg_hba\.conf rejects/);
  });

  it('has no way in for owners', async () => {
    await expect(connect({ ...clinical(), user: 'clinical_owner', password: '' })).rejects.toThrow();
  });
});

describe('a login role', () => {
  const within = async (sql: string): Promise<unknown> => {
    const client = new Client(clinical());
    await client.connect();
    try {
      const { rows } = await client.query<Record<string, unknown>>(sql);
      return rows;
    } finally {
      await client.end();
    }
  };

  it.each([
    ['make temporary tables', 'CREATE TEMP TABLE t (id int)'],
    ['make tables', 'CREATE TABLE public.t (id int)'],
    ['become the owner', 'SET ROLE clinical_owner'],
    ['read the record of migrations', 'SELECT * FROM cordon.migrations'],
    ['read other roles’ passwords', 'SELECT * FROM pg_authid'],
    ['change the server', `ALTER SYSTEM SET log_statement = 'all'`],
    ['read files', `SELECT pg_read_file('/etc/passwd')`],
    ['run programs', `COPY (SELECT 1) TO PROGRAM 'true'`],
  ])('cannot %s', async (_name, sql) => {
    await expect(within(sql)).rejects.toThrow(/permission denied|must be superuser|not allowed/);
  });

  it('has limits on time', async () => {
    expect(
      await within(`SELECT current_setting('statement_timeout') AS statement,
        current_setting('idle_in_transaction_session_timeout') AS idle`),
    ).toEqual([{ statement: '30s', idle: '15s' }]);
  });
});

import { readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { describe, expect, inject, it } from 'vitest';
import '../../../../testing/cluster.ts';
import { cloneDatabases } from './clones.ts';

const clone = (names?: string[], options = {}) => cloneDatabases(inject('testCluster'), names, options);

async function open(config: ConstructorParameters<typeof Client>[0]): Promise<Client> {
  const client = new Client(config);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

describe('clones of stores', () => {
  it('hold what was migrated, and nothing that another clone wrote', async () => {
    const [one, two] = await Promise.all([clone(['marketing']), clone(['marketing'])]);
    const first = await open(one.admin('marketing'));
    await first.query('CREATE TABLE public.mine (id int)');
    const second = await open(two.admin('marketing'));
    const { rows } = await second.query(`SELECT to_regclass('public.mine') AS mine,
      (SELECT count(*)::int > 0 FROM cordon.migrations) AS migrated`);
    expect(rows).toEqual([{ mine: null, migrated: true }]);
    await Promise.all([first.end(), second.end()]);
    await Promise.all([one.drop(), two.drop()]);
  });

  it('fail their file when a connection is left open, saying whose', async () => {
    const clones = await clone(['identity'], { closingMs: 500 });
    const leaked = await open({
      ...clones.connection('identity', 'identity_app'),
      application_name: 'forgotten',
    });
    await expect(clones.drop()).rejects.toMatchObject({
      code: 'connection-leaked',
      publicMessage: expect.stringMatching(/identity_app in cordon_identity_t\w+ \(forgotten\)/) as string,
    });
    await expect(leaked.query('SELECT 1')).rejects.toThrow();
    await leaked.end();
  });

  it('do not take a connection that is just closing for a leak', async () => {
    const clones = await clone(['identity']);
    const client = await open(clones.connection('identity', 'identity_app'));
    const ending = client.end();
    await clones.drop();
    await ending;
  });

  it('describe themselves to a process as its environment would, with files that exist', async () => {
    const clones = await clone(['vault', 'identity']);
    const environment = clones.environment(['engine_vault', 'identity_app']);
    expect(Object.keys(environment).sort()).toEqual([
      'CORDON_DB_CA_FILE',
      'CORDON_DB_ENGINE_VAULT_CERT_FILE',
      'CORDON_DB_ENGINE_VAULT_KEY_FILE',
      'CORDON_DB_ENGINE_VAULT_PASSWORD_FILE',
      'CORDON_DB_ENGINE_VAULT_URL',
      'CORDON_DB_IDENTITY_APP_PASSWORD_FILE',
      'CORDON_DB_IDENTITY_APP_URL',
    ]);
    expect(environment['CORDON_DB_ENGINE_VAULT_URL']).toContain(clones.database('vault'));
    const password = await readFile(environment['CORDON_DB_IDENTITY_APP_PASSWORD_FILE'] ?? '', 'utf8');
    expect(password).toBe(clones.connection('identity', 'identity_app').password);
    await clones.drop();
  });

  it('know only the stores that were asked for', async () => {
    const clones = await clone(['identity']);
    expect(() => clones.connection('clinical', 'engine_clinical')).toThrow(/was not cloned/);
    expect(() => clones.connection('identity', 'engine_clinical')).toThrow(/has no login role/);
    await clones.drop();
    await expect(clone(['nowhere'])).rejects.toMatchObject({ code: 'store-name-unknown' });
  });
});

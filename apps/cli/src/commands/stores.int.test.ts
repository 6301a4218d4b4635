import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseSettings, toClientConfig } from '@cordon/service';
import { type EmbeddedCluster, readStoreDefinitions, startEmbeddedCluster } from '@cordon/stores';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findFreeBasePort } from '../../../../testing/end-to-end/find-ports.ts';
import { checkoutRoot, type Layout, makeLayout } from '../up/layout.ts';
import { setUpOwnStores } from './stores.ts';

// A server that stands for one of somebody's own: Cordon is only told its address.
let folder: string;
let cluster: EmbeddedCluster;
let layout: Layout;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-own-'));
  // As root PostgreSQL runs as another account, which passes through.
  await chmod(folder, 0o711);
  const port = await findFreeBasePort();
  const real = makeLayout(checkoutRoot, port);
  const state = join(folder, 'state');
  const inState = (name: string): string => join(state, name);
  layout = {
    ...real,
    state,
    secrets: inState('secrets'),
    logs: inState('logs'),
    objects: inState('objects'),
    temporary: inState('tmp'),
  };
  const definitions = await readStoreDefinitions(layout.database);
  cluster = await startEmbeddedCluster({
    serverFolders: [join(folder, 'server')],
    secretsFolder: join(folder, 'server-secrets'),
    definitions,
    port,
    durable: false,
    logFile: join(folder, 'postgresql.log'),
    log: () => undefined,
  });
  const { user, password } = cluster.administrator;
  for (const { store, database } of definitions)
    vi.stubEnv(
      `CORDON_${store.toUpperCase()}_URL`,
      `postgresql://${user}:${encodeURIComponent(password)}@localhost:${port}/${database}`,
    );
  vi.stubEnv('CORDON_DATABASE_CA_FILE', cluster.caFile);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

const readEnvironment = (text: string): Record<string, string> =>
  Object.fromEntries(
    Array.from(text.matchAll(/^([A-Z_]+)=(.*)$/gm), ([, name = '', value = '']) => [name, value] as const),
  );

describe('cordon stores set-up', () => {
  let printed: string;

  it('sets the stores up, and prints settings with which a login role signs in', async () => {
    const said: string[] = [];
    printed = await setUpOwnStores(layout, (line) => said.push(line));
    expect(said.join('\n')).toMatch(/Store clinical: applied \d+ of \d+ migrations/);

    const environment = readEnvironment(printed);
    const client = new pg.Client(toClientConfig(databaseSettings('sequencer', environment), 'test'));
    await client.connect();
    const { rows } = await client.query<{ user: string }>('SELECT current_user AS user');
    await client.end();
    expect(rows).toEqual([{ user: 'sequencer' }]);
    expect(environment).toHaveProperty('CORDON_SEAL_KEY_CLINICAL_FILE');
  });

  it('prints no password', () => {
    expect(printed).not.toContain(cluster.administrator.password);
    expect(printed).not.toMatch(/:[^/@\s]+@/);
  });

  it('changes nothing the second time', async () => {
    const said: string[] = [];
    expect(await setUpOwnStores(layout, (line) => said.push(line))).toBe(printed);
    expect(said.join('\n')).not.toContain('applied');
  });

  it('asks for the addresses where none is set', async () => {
    for (const store of ['MARKETING', 'CLINICAL', 'VAULT', 'AUDIT', 'IDENTITY'])
      vi.stubEnv(`CORDON_${store}_URL`, undefined);
    await expect(setUpOwnStores(layout, () => undefined)).rejects.toMatchObject({
      code: 'arguments-invalid',
      publicMessage: expect.stringContaining('set CORDON_MARKETING_URL') as string,
    });
  });
});

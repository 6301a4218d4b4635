import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneStores } from '../../../../testing/stores.ts';

const apps = ['console', 'portal'] as const;
const clients = new Map<string, pg.Client>();

beforeAll(async () => {
  const stores = await cloneStores(['identity']);
  for (const app of apps) {
    const client = new pg.Client(stores.connection('identity', `${app}_sessions`));
    await client.connect();
    clients.set(app, client);
  }
});
afterAll(async () => {
  await Promise.all([...clients.values()].map((client) => client.end()));
});

function clientOf(app: string): pg.Client {
  const client = clients.get(app);
  if (client === undefined) throw new Error('not connected');
  return client;
}

describe('the login role of an app', () => {
  it.each([
    ['console', 'portal'],
    ['portal', 'console'],
  ])('%s reaches its own sessions and not those of %s', async (app, other) => {
    const client = clientOf(app);
    await expect(client.query(`SELECT 1 FROM ${app}_sessions.browser_sessions`)).resolves.toBeDefined();
    for (const statement of [
      `SELECT 1 FROM ${other}_sessions.browser_sessions`,
      `DELETE FROM ${other}_sessions.browser_sessions`,
      'SELECT 1 FROM identity.accounts',
      `CREATE TABLE ${app}_sessions.more ()`,
      `TRUNCATE ${app}_sessions.browser_sessions`,
    ])
      await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
  });
});

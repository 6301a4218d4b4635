import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneStores } from '../stores.ts';

const names = ['clinical', 'vault', 'audit', 'marketing', 'identity'] as const;
let stores: Awaited<ReturnType<typeof cloneStores>>;
beforeAll(async () => {
  stores = await cloneStores();
});
afterAll(() => stores.drop());

/** What each store answers to a process of its own that holds this role's credentials and no others. */
async function tryFrom(role: string, withoutCertificate = false): Promise<Record<string, string>> {
  const own = Object.entries(stores.environment([role])).filter(
    ([name]) => !withoutCertificate || !/_(CERT|KEY)_FILE$/.test(name),
  );
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [fileURLToPath(new URL('try-stores.ts', import.meta.url))],
    {
      env: {
        PATH: process.env['PATH'] ?? '',
        ...Object.fromEntries(own),
        TRY_ROLE: role,
        TRY_DATABASES: JSON.stringify(Object.fromEntries(names.map((name) => [name, stores.database(name)]))),
      },
    },
  );
  return JSON.parse(stdout) as Record<string, string>;
}

/** PostgreSQL's "invalid authorization specification": no line of pg_hba.conf lets this role into that database. */
const refused = '28000';

describe('a process with the credentials of', () => {
  it.each([
    ['identity_app', 'identity'],
    ['identity_audit', 'audit'],
    ['console_sessions', 'identity'],
    ['portal_sessions', 'identity'],
    ['web_marketing', 'marketing'],
    ['sequencer', 'audit'],
    ['engine_marketing', 'marketing'],
    ['engine_clinical', 'clinical'],
    ['engine_vault', 'vault'],
  ])('%s reaches the %s store, and every other refuses it', async (role, own) => {
    expect(await tryFrom(role)).toEqual(
      Object.fromEntries(names.map((name) => [name, name === own ? 'connected' : refused])),
    );
  });

  it.each(['engine_clinical', 'engine_vault'])(
    '%s, password and all, reaches nothing without its client certificate',
    async (role) => {
      expect(new Set(Object.values(await tryFrom(role, true)))).toEqual(new Set([refused]));
    },
  );
});

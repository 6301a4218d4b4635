import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneStores } from '../stores.ts';
import { startStubServers } from './stub-servers.ts';

const program = fileURLToPath(new URL('../../apps/cli/bin/cordon.mjs', import.meta.url));
let folder: string;
let stores: Awaited<ReturnType<typeof cloneStores>>;
let servers: Awaited<ReturnType<typeof startStubServers>>;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-foreign-'));
  servers = await startStubServers();
  stores = await cloneStores(['marketing']);
  const { host, port, user, password, database, ssl } = stores.admin('marketing');
  await writeFile(join(folder, 'ca.pem'), (ssl as { ca: string }).ca);
  environment = {
    PATH: process.env['PATH'] ?? '',
    CORDON_DATABASE_CA_FILE: join(folder, 'ca.pem'),
    OTHER_URL: `postgresql://${user ?? ''}:${encodeURIComponent(password as string)}@${host ?? ''}:${port ?? 0}/${database ?? ''}`,
  };
});
afterAll(async () => {
  await servers.stop();
  await stores.drop();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function gate(config: unknown, ...args: string[]): Promise<Answer> {
  const file = join(folder, 'other.json');
  await writeFile(file, typeof config === 'string' ? config : JSON.stringify(config));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, 'gate', '--config', file, ...args],
      { env: environment },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

const config = () => ({
  system: 'Other',
  urls: [`${servers.running.console}/openapi.json`],
  database: { urlVariable: 'OTHER_URL', loginRoles: ['engine_marketing', 'web_marketing'] },
});

describe('a project that is not Cordon', () => {
  it('is asked the generic controls at any address and any PostgreSQL, and named what it did not let be asked', async () => {
    const { code, stdout, stderr } = await gate(config(), '--to', 'production', '--format', 'json');
    const { controls } = JSON.parse(stdout) as { controls: { id: string; state: string; because: string }[] };
    const states = Object.fromEntries(controls.map(({ id, state }) => [id, state]));
    expect(states).toMatchObject({ 'GEN-1': 'pass', 'GEN-2': 'fail', 'GEN-3': 'pass', 'GEN-4': 'pass', 'GEN-5': 'pass', 'GEN-6': 'unknown', 'GEN-7': 'unknown' }); // prettier-ignore
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });

  it('may go where what binds there holds', async () => {
    const { code, stdout } = await gate(config(), '--to', 'development');
    expect(stdout).toContain('Other → development');
    expect(stdout).toContain('MAY GO');
    expect(code).toBe(0);
  });

  it('is blocked, by name, when its row security goes', async () => {
    const client = new pg.Client(stores.admin('marketing'));
    await client.connect();
    await client.query('ALTER TABLE marketing.leads NO FORCE ROW LEVEL SECURITY');
    const { code, stdout } = await gate(config(), '--to', 'development', '--only', 'GEN-3');
    await client.query('ALTER TABLE marketing.leads FORCE ROW LEVEL SECURITY');
    await client.end();
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'marketing.leads has no row security that binds its owner too',
    );
    expect(code).toBe(1);
  });

  it.each<[string, unknown, string[], RegExp]>([
    ['an unknown word in its file', { system: 'Other', colour: 'red' }, ['--to', 'production'], /colour/],
    ['no JSON', '{', ['--to', 'production'], /is no JSON/],
    ['a variable that is not set', { system: 'Other', database: { urlVariable: 'NOT_THERE', loginRoles: ['a'] } }, ['--to', 'production'], /Set NOT_THERE/],
    ['a control that there is not', { system: 'Other' }, ['--to', 'production', '--only', 'GEN-99'], /no control GEN-99/],
    ['nowhere to go', { system: 'Other' }, [], /Say where to/],
  ])('with %s could not be asked: exit code 2, nothing on the standard output', async (_name, file, args, says) => {
    const { code, stdout, stderr } = await gate(file, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr).not.toContain('    at ');
  }); // prettier-ignore
});

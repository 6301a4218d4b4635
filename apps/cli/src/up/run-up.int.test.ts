import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apps } from './apps.ts';
import { findFreeBasePort } from '../../../../testing/end-to-end/find-ports.ts';
import {
  makeStubCheckout,
  type StubCheckout,
  type StubOptions,
  type StubStart,
} from '../testing/stub-checkout.ts';

// One checkout through its life: each test goes on from where the one before it ended.
let checkout: StubCheckout;
let base: number;
let started: StubStart[] = [];

beforeAll(async () => {
  checkout = await makeStubCheckout();
  base = await findFreeBasePort();
});
afterAll(async () => {
  for (const each of started) each.kill('SIGTERM');
  await Promise.all(started.map(({ exit }) => exit));
  started = [];
  await checkout.remove();
});

function start(options: StubOptions & { port?: number } = {}): StubStart {
  const made = checkout.start(options.port ?? base, options);
  started.push(made);
  return made;
}

async function end(running: StubStart, signal: NodeJS.Signals = 'SIGINT'): Promise<number> {
  running.kill(signal);
  return running.exit;
}

const readRootKey = (): Promise<string> => readFile(join(checkout.root, '.cordon/secrets/root.key'), 'hex');
const environmentAt = async (port: number): Promise<Record<string, string>> =>
  (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as Record<string, string>;

describe('cordon up', () => {
  let firstKey: string;

  it('sets everything up at the first start, says what it does, and tells the addresses', async () => {
    const running = start();
    await running.said('Ready after');
    expect(running.output()).toContain('Made a PostgreSQL data folder');
    expect(running.output()).toMatch(/Store clinical: applied \d+ of \d+ migrations/);
    for (const offset of [0, 1, 2, 3])
      expect(running.output()).toContain(`http://localhost:${base + offset}\n`);
    expect(running.output()).toContain('npx cordon demo code EMAIL');
    firstKey = await readRootKey();
  });

  it('gives each running process its own credentials and no other', async () => {
    const [console, portal, engine, identity] = await Promise.all(
      [0, 1, 2, 3].map((each) => environmentAt(base + each)),
    );
    const rolesIn = (environment: Record<string, string> = {}) =>
      Object.keys(environment).filter((key) => key.startsWith('CORDON_DB_') && key.endsWith('_URL'));
    expect(rolesIn(console)).toEqual(['CORDON_DB_CONSOLE_SESSIONS_URL']);
    expect(rolesIn(portal)).toEqual(['CORDON_DB_PORTAL_SESSIONS_URL']);
    expect(rolesIn(identity)).toEqual(['CORDON_DB_IDENTITY_APP_URL', 'CORDON_DB_IDENTITY_AUDIT_URL']);
    expect(engine).toHaveProperty('CORDON_ROOT_KEY_FILE');
    for (const other of [console, portal, identity])
      expect(JSON.stringify(other)).not.toMatch(/root\.key|seal-|engine_clinical|engine_vault|HOME|npm_/);
  });

  it('keeps secrets, logs and data to the account that started it', async () => {
    const state = join(checkout.root, '.cordon');
    expect((await stat(state)).mode & 0o066).toBe(0);
    for (const folder of ['secrets', 'logs', 'objects', 'server/data'])
      expect((await stat(join(state, folder))).mode & 0o077).toBe(0);
    for (const name of await readdir(join(state, 'secrets'), { recursive: true }))
      expect((await stat(join(state, 'secrets', name))).mode & 0o077).toBe(0);
  });

  it('refuses a second start of the same checkout, and leaves the first alone', async () => {
    const second = start({ port: await findFreeBasePort() });
    expect(await second.exit).toBe(1);
    expect(second.output()).toContain(
      `Cordon already runs in this checkout (process ${started[0]?.pid ?? 0}`,
    );
    expect(second.output()).not.toContain('Ending');
    await environmentAt(base);
  });

  it('ends everything on Ctrl-C and leaves no process', async () => {
    const [running] = started;
    // The apps and PostgreSQL.
    expect(await checkout.left()).toHaveLength(apps.length + 1);
    expect(running && (await end(running))).toBe(0);
    expect(await checkout.left()).toEqual([]);
  });

  it('keeps secrets and data at the second start, and applies nothing again', async () => {
    const running = start();
    await running.said('Ready after');
    expect(running.output()).not.toMatch(/Made a|applied|Seeding/);
    expect(await readRootKey()).toBe(firstKey);
  });

  it('is found and ended by the next start when it was killed outright', async () => {
    const killed = started.at(-1);
    killed?.kill('SIGKILL');
    await killed?.exit;
    // The apps end by themselves; PostgreSQL stays, for it must not lose what it was told.
    const pidfile = join(checkout.root, '.cordon/server/data/postmaster.pid');
    const server = Number((await readFile(pidfile, 'utf8')).split('\n', 1)[0]);
    await expect.poll(() => checkout.left()).toEqual([server]);

    const running = start();
    await running.said('Ready after');
    expect(running.output()).toContain('Ended the PostgreSQL of an earlier start');
    expect(await end(running, 'SIGTERM')).toBe(0);
    expect(await checkout.left()).toEqual([]);
  });

  it('ends with a sentence when an app dies, and takes the others with it', async () => {
    const running = start();
    await running.said('Ready after');
    const [engine = 0] = await checkout.left();
    process.kill(engine, 'SIGKILL');
    expect(await running.exit).toBe(1);
    expect(running.output()).toContain('The app "engine" ended (SIGKILL)');
    expect(await checkout.left()).toEqual([]);
  });

  it('ends at once when it is interrupted during the start', async () => {
    const running = start();
    await running.said('Starting engine');
    expect(await end(running)).toBe(0);
    expect(running.output()).not.toContain('Ready');
    expect(await checkout.left()).toEqual([]);
  });

  it('shows the last words of an app that cannot start', async () => {
    const main = join(checkout.root, 'apps/portal/main.ts');
    const good = await readFile(main, 'utf8');
    await writeFile(main, `console.error('the settings are not complete'); process.exit(1);`);
    const running = start();
    expect(await running.exit).toBe(1);
    expect(running.output()).toMatch(
      /The app "portal" ended \(exit code 1\).*\n {4}the settings are not complete/,
    );
    expect(await checkout.left()).toEqual([]);
    await writeFile(main, good);
  });

  it('says which port is taken before it starts anything', async () => {
    const other = createServer().listen(base + 3, '127.0.0.1');
    await once(other, 'listening');
    const running = start();
    expect(await running.exit).toBe(1);
    expect(running.output()).toContain(`Taken by another program: port ${base + 3} (identity).`);
    expect(running.output()).not.toContain('Starting');
    other.close();
  });

  it('begins again with --fresh', async () => {
    const running = start({ fresh: true });
    await running.said('Ready after');
    expect(running.output()).toContain('Removing data, secrets and logs');
    expect(running.output()).toContain('Made a PostgreSQL data folder');
    expect(await readRootKey()).not.toBe(firstKey);
    expect(await end(running, 'SIGHUP')).toBe(0);
  });
});

describe('with servers of your own', () => {
  const url = 'postgresql://boss:secret-word@localhost:1/x';
  const environment = Object.fromEntries(
    ['MARKETING', 'CLINICAL', 'VAULT', 'AUDIT', 'IDENTITY'].map((store) => [`CORDON_${store}_URL`, url]),
  );

  it('--fresh is refused: it would lose the keys of data that stay', async () => {
    const key = await readRootKey();
    const running = start({ fresh: true, environment });
    expect(await running.exit).toBe(1);
    expect(running.output()).toContain('your own PostgreSQL is not among it');
    expect(await readRootKey()).toBe(key);
  });

  it('an unreachable one is named without its password, and no PostgreSQL of ours is started', async () => {
    const running = start({ environment });
    expect(await running.exit).toBe(1);
    expect(running.output()).toContain('PostgreSQL at localhost, port 1, let no connection in as boss');
    expect(running.output()).not.toMatch(/secret-word|Starting PostgreSQL/);
  });

  it('some without the others are refused', async () => {
    const running = start({ environment: { CORDON_AUDIT_URL: url } });
    expect(await running.exit).toBe(1);
    expect(running.output()).toMatch(/for all stores or none: set CORDON_CLINICAL_URL/);
  });
});

describe('two checkouts', () => {
  it('run at once on different ports, one of them without the demo', async () => {
    const other = await makeStubCheckout();
    const port = await findFreeBasePort();
    const [one, two] = [start(), other.start(port, { empty: true })];
    started.push(two);
    await Promise.all([one.said('Ready after'), two.said('Ready after')]);
    expect(await environmentAt(port)).toMatchObject({ CORDON_PORT: String(port) });
    expect(await environmentAt(base)).toMatchObject({ CORDON_PORT: String(base) });
    expect(await Promise.all([end(one), end(two)])).toEqual([0, 0]);
    // The other one was begun without the demo, and is nobody's to remove by an option.
    expect(one.output()).toContain('This is a demo of made-up people');
    expect(two.output()).toContain('npx cordon tenants add');
    expect(two.output()).not.toMatch(/Seeding|Demo sign-ins|starting web/i);
    const fresh = other.start(port, { fresh: true });
    started.push(fresh);
    expect(await fresh.exit).toBe(1);
    expect(fresh.output()).toContain('--fresh removes a demo');
    await stat(join(other.root, '.cordon/secrets/root.key'));
    await other.remove();
  });
});

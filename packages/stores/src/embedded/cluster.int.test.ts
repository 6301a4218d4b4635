import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withConnection } from '../connections.ts';
import { findFreePort } from '../testing/test-folders.ts';
import { type EmbeddedCluster, type EmbeddedClusterOptions, startEmbeddedCluster } from './cluster.ts';
import { isAlive } from './processes.ts';

let folder: string;
let options: EmbeddedClusterOptions;
let running: EmbeddedCluster | undefined;
let said: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-cluster-'));
  await chmod(folder, 0o711);
  said = [];
  options = {
    serverFolders: [join(folder, 'server')],
    secretsFolder: join(folder, 'secrets'),
    definitions: [],
    port: await findFreePort(),
    durable: false,
    logFile: join(folder, 'logs', 'postgresql.log'),
    log: (line) => said.push(line),
  };
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await rm(folder, { recursive: true });
});

async function start(changes: Partial<EmbeddedClusterOptions> = {}): Promise<EmbeddedCluster> {
  running = await startEmbeddedCluster({ ...options, ...changes });
  return running;
}

async function query(cluster: EmbeddedCluster, ...statements: [string, unknown[]?][]): Promise<unknown[]> {
  const config = {
    host: 'localhost',
    port: cluster.port,
    ...cluster.administrator,
    database: 'postgres',
    ssl: { ca: cluster.authority.certificate },
  };
  return withConnection(config, async (client) => {
    let rows: Record<string, unknown>[] = [];
    for (const [text, values] of statements)
      rows = (await client.query<Record<string, unknown>>(text, values)).rows;
    return rows;
  });
}

describe('the embedded server', () => {
  it('keeps its data over a restart, and leaves no process behind', async () => {
    const first = await start();
    await query(first, ['CREATE TABLE kept AS SELECT 1 AS id']);
    await first.stop();
    expect(await isAlive(first.pid)).toBe(false);
    const second = await start();
    expect(await query(second, ['SELECT id FROM kept'])).toEqual([{ id: 1 }]);
    expect(said).toEqual(['Made a PostgreSQL data folder']);
  });

  it('is made with checksums and keeps its data to its own account', async () => {
    const cluster = await start();
    expect(await query(cluster, [`SELECT current_setting('data_checksums') AS checksums`])).toEqual([
      { checksums: 'on' },
    ]);
    const data = await stat(join(cluster.folder, 'data'));
    expect(data.mode & 0o077).toBe(0);
    expect(data.uid).not.toBe(0);
    expect((await stat(join(folder, 'secrets', 'database', 'administrator.password'))).mode & 0o777).toBe(
      0o600,
    );
  });

  it('writes no value and no statement to its log, not even of a statement that fails', async () => {
    const cluster = await start();
    const canary = 'canary-4929-1234';
    await query(cluster, ['CREATE TABLE one (word text UNIQUE)'], ['INSERT INTO one VALUES ($1)', [canary]]);
    const failing: [string, unknown[]?][] = [
      ['INSERT INTO one VALUES ($1)', [canary]],
      [`SELECT '${canary}'::uuid`],
      ['SELECT $1::int', [canary]],
      [`SELEC '${canary}'`],
      [`DO $$ BEGIN RAISE WARNING '${canary}'; RAISE LOG '%', 1; RAISE EXCEPTION '${canary}'; END $$`],
    ];
    for (const each of failing) await expect(query(cluster, each)).rejects.toThrow();
    await cluster.stop();
    running = undefined;
    const log = await readFile(options.logFile, 'utf8');
    expect(log).toContain('ready to accept connections');
    expect(log).not.toContain('canary');
    expect(log).not.toContain('SELEC');
  });

  it('ends what a killed launcher left behind, and starts', async () => {
    const script = join(folder, 'launcher.ts');
    await writeFile(
      script,
      `import { startEmbeddedCluster } from ${JSON.stringify(join(import.meta.dirname, 'cluster.ts'))};
       const cluster = await startEmbeddedCluster({ ...${JSON.stringify(options)}, log: () => undefined });
       console.log(cluster.pid);
       setInterval(() => undefined, 1000);`,
    );
    const launcher = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(launcher.stdout, 'data')) as [Buffer];
    const orphan = Number(line.toString());
    launcher.kill('SIGKILL');
    await once(launcher, 'exit');
    expect(await isAlive(orphan)).toBe(true);

    const cluster = await start();
    expect(await isAlive(orphan)).toBe(false);
    expect(cluster.pid).not.toBe(orphan);
    expect(said).toEqual(['Ended the PostgreSQL of an earlier start']);
  });

  it('ends the processes of a server that alone was killed, and starts on what it had committed', async () => {
    const killed = await start({ durable: true });
    await query(killed, ['CREATE TABLE kept AS SELECT 1 AS id']);
    // It never looks whether its server lives, and holds the shared memory.
    const busy = query(killed, ['DO $$ BEGIN LOOP END LOOP; END $$']).catch(() => 'cut off');
    const working = [
      `SELECT pid FROM pg_stat_activity WHERE query LIKE 'DO %' AND state = 'active'`,
    ] as const;
    let orphan: number | undefined;
    while (orphan === undefined) orphan = ((await query(killed, [...working])) as { pid: number }[])[0]?.pid;
    process.kill(killed.pid, 'SIGKILL');
    await killed.ended;
    expect(await isAlive(orphan)).toBe(true);

    const cluster = await start({ durable: true });
    expect(await busy).toBe('cut off');
    expect(await isAlive(orphan)).toBe(false);
    expect(await query(cluster, ['SELECT id FROM kept'])).toEqual([{ id: 1 }]);
  });

  it('tells when it ends by itself', async () => {
    const cluster = await start();
    process.kill(cluster.pid, 'SIGQUIT');
    await cluster.ended;
    expect(await isAlive(cluster.pid)).toBe(false);
  });

  it('names the port that another program holds, and leaves nothing running', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      await expect(start({ port })).rejects.toMatchObject({
        code: 'port-taken',
        publicMessage: `Port ${port} for PostgreSQL is taken by another program.`,
      });
      await expect(stat(join(folder, 'server', 'data', 'postmaster.pid'))).rejects.toThrow('ENOENT');
    } finally {
      other.close();
    }
  });

  it('begins anew after a first start that was killed half-way', async () => {
    await mkdir(join(folder, 'server', 'data.new', 'base'), { recursive: true });
    await mkdir(join(folder, 'server', 'native.new', 'bin'), { recursive: true });
    await chmod(join(folder, 'server'), 0o711);
    expect(await query(await start(), ['SELECT 1 AS one'])).toEqual([{ one: 1 }]);
  });

  it('refuses data of another PostgreSQL, untouched', async () => {
    const version = join(folder, 'server', 'data', 'PG_VERSION');
    await mkdir(join(folder, 'server', 'data'), { recursive: true });
    await writeFile(version, '17\n');
    await expect(start()).rejects.toMatchObject({ code: 'server-data-version' });
    expect(await readFile(version, 'utf8')).toBe('17\n');
  });
});

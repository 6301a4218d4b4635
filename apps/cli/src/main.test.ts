import { execFile, spawn } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { createServer as createTlsServer } from 'node:tls';
import { readStoreDefinitions } from '@cordon/stores';
import { issueAuthority, issueCertificate } from '@cordon/stores/certificates';
import { describe, expect, it } from 'vitest';
import { commandTable } from './command-table.ts';
import { checkoutRoot } from './up/layout.ts';

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (...args: string[]): Promise<Answer> => runWith({}, ...args);

function runWith(environment: Readonly<Record<string, string>>, ...args: string[]): Promise<Answer> {
  return new Promise((resolve) => {
    const program = join(checkoutRoot, 'apps/cli/bin/cordon.mjs');
    const env = { ...process.env, ...environment };
    execFile(process.execPath, [program, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

describe('cordon', () => {
  it('lists every command when none is named', async () => {
    const { code, stdout } = await run();
    expect(code).toBe(0);
    for (const [name, { summary }] of commandTable) {
      expect(stdout).toContain(`  ${name} `);
      expect(stdout).toContain(`${summary}\n`);
    }
  });

  it('explains a command in either way of asking', async () => {
    const [one, two] = await Promise.all([run('help', 'up'), run('up', '--help')]);
    expect(one.stdout).toContain('--fresh');
    expect((await run('help', 'help')).stdout).toContain('  up ');
    expect((await run('help', 'pu')).stderr).toContain('There is no command "pu"');
    expect(two.stdout).toBe(one.stdout);
  });

  /** A command whose output goes elsewhere, with what it says on standard error. */
  async function runInto(stdout: 'pipe' | number): Promise<{ code: number | null; stderr: string }> {
    const program = join(checkoutRoot, 'apps/cli/bin/cordon.mjs');
    const child = spawn(process.execPath, [program, 'gate', '--list'], { stdio: ['ignore', stdout, 'pipe'] });
    child.stdout?.destroy();
    const [stderr, code] = await Promise.all([
      readAll(child.stderr ?? Readable.from([])),
      new Promise<number | null>((resolve) => child.once('exit', resolve)),
    ]);
    return { code, stderr };
  }

  it('ends in order when nobody reads its output any more', async () => {
    expect(await runInto('pipe')).toEqual({ code: 0, stderr: '' });
  });

  it('says by its exit code that its output could not be written', async () => {
    const full = await open('/dev/full', 'w');
    try {
      expect(await runInto(full.fd)).toEqual({ code: 2, stderr: '' });
    } finally {
      await full.close();
    }
  });

  it('says its version', async () => {
    expect((await run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('refuses a command that there is not, in a sentence', async () => {
    expect(await run('pu')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'cordon: There is no command "pu": see cordon help.\n',
    });
  });

  it('refuses an option that there is not, without a stack', async () => {
    const { code, stderr } = await run('up', '--frehs');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^cordon: Unknown option '--frehs'/);
    expect(stderr).not.toContain('    at ');
  });

  it('has a usage text for every command that begins with its name', async () => {
    for (const [name, { load }] of commandTable)
      expect((await load()).command.usage).toMatch(`cordon ${name}`);
  });
});

it('agrees with no database on a suite without AEAD, whatever the command', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-command-'));
  const authority = await issueAuthority('Old authority', 2);
  const { certificate, key } = await issueCertificate(authority, {
    commonName: 'localhost',
    use: 'server',
    hosts: ['localhost'],
    days: 2,
  });
  const told: string[] = [];
  const old = createTlsServer({
    cert: certificate,
    key,
    maxVersion: 'TLSv1.2',
    ciphers: 'ECDHE-ECDSA-AES256-SHA384',
  });
  old.on('secureConnection', (socket) => {
    told.push(socket.getCipher().name);
    socket.destroy();
  });
  old.on('tlsClientError', (error: NodeJS.ErrnoException) => told.push(error.code ?? ''));
  // PostgreSQL's own word before TLS: it is asked with SSLRequest and says S.
  const listener = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write('S', () => old.emit('connection', socket));
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, 'localhost', resolve));
  try {
    const url = `postgresql://a:b@localhost:${(listener.address() as AddressInfo).port}/x?sslmode=verify-full`;
    const definitions = await readStoreDefinitions(join(checkoutRoot, 'database'));
    const stores = definitions.map(({ store }) => [`CORDON_${store.toUpperCase()}_URL`, url] as const);
    await writeFile(join(folder, 'ca.pem'), authority.certificate);
    const answer = await runWith(
      { ...Object.fromEntries(stores), CORDON_DATABASE_CA_FILE: join(folder, 'ca.pem') },
      'encryption',
      'audit',
    );
    expect(answer.code).toBe(1);
    expect(told).toEqual(['ERR_SSL_NO_SHARED_CIPHER']);
  } finally {
    listener.close();
    await rm(folder, { recursive: true });
  }
});

import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endLeftoverServer } from '../embedded/leftover.ts';
import { isAlive, startOf } from '../embedded/processes.ts';
import { findServerAccount, makeServerFolder } from '../embedded/server-account.ts';

const prefix = 'cordon-test-';
// A folder without an owner's file is one that is just being made, or was abandoned in that moment.
const abandonedMilliseconds = 600_000;

interface Owner {
  readonly pid: number;
  readonly start: string;
}

/** A folder for one run's throw-away server, marked with the process that owns it. */
export async function makeTestFolder(): Promise<string> {
  const name = `${prefix}${randomBytes(8).toString('hex')}`;
  const folder = await makeServerFolder(
    parents().map((parent) => join(parent, name)),
    await findServerAccount(),
  );
  const owner: Owner = { pid: process.pid, start: (await startOf(process.pid)) ?? '' };
  await writeFile(join(folder, 'owner.json'), JSON.stringify(owner), { mode: 0o600 });
  return folder;
}

/** Ends the servers and removes the folders of runs whose process is gone; other users' are not touched. */
export async function sweepTestFolders(): Promise<void> {
  for (const parent of parents()) {
    const names = await readdir(parent).catch(() => []);
    for (const name of names.filter((each) => each.startsWith(prefix))) {
      const folder = join(parent, name);
      if (await isAbandoned(folder)) await removeTestFolder(folder);
    }
  }
}

export async function removeTestFolder(folder: string): Promise<void> {
  await endLeftoverServer(...serverPathsOf(folder));
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

function serverPathsOf(folder: string): [program: string, dataFolder: string] {
  return [join(folder, 'server', 'native', 'bin', 'postgres'), join(folder, 'server', 'data')];
}

/** A port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port');
  return address.port;
}

function parents(): string[] {
  return [...new Set([tmpdir(), '/tmp', '/var/tmp'])];
}

async function isAbandoned(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  if (!found || found.uid !== process.getuid?.()) return false;
  const text = await readFile(join(folder, 'owner.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return Date.now() - found.mtimeMs > abandonedMilliseconds;
  const owner = JSON.parse(text) as Owner;
  return !((await isAlive(owner.pid)) && (await startOf(owner.pid)) === owner.start);
}

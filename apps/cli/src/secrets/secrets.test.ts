import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkInstallation } from './check-installation.ts';
import { historyTexts, treeTexts } from './git-texts.ts';
import { scanTexts } from './scan-texts.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-secrets-'));
});
afterEach(() => rm(folder, { recursive: true }));

// Put together here, so that this file itself holds nothing of that form.
const planted = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');

function git(...args: string[]): void {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid', '-c', 'commit.gpgsign=false'];
  const { status } = spawnSync('git', [...identity, ...args], { cwd: folder });
  if (status !== 0) throw new Error(`git ${args.join(' ')} failed`);
}

describe('the scan of a repository', () => {
  it('finds a token in a file that is not committed yet, and does not repeat it', async () => {
    git('init', '-q');
    await writeFile(join(folder, 'notes.txt'), `one\ntwo ${planted}\n`);
    const { findings } = await scanTexts(treeTexts(folder));
    expect(findings).toEqual([{ path: 'notes.txt', line: 2, kind: 'GITHUB_TOKEN' }]);
    expect(JSON.stringify(findings)).not.toContain(planted);
  });

  it('finds what a later commit took away again', async () => {
    git('init', '-q');
    await writeFile(join(folder, 'config.ts'), `const token = '${planted}';\n`);
    git('add', '-A');
    git('commit', '-qm', 'one');
    await writeFile(join(folder, 'config.ts'), 'const token = process.env.TOKEN;\n');
    git('commit', '-qam', 'two');
    expect((await scanTexts(treeTexts(folder))).findings).toEqual([]);
    const { scanned, findings } = await scanTexts(historyTexts(folder));
    expect(scanned).toBe(2);
    expect(findings).toMatchObject([{ path: 'config.ts', line: 1, kind: 'GITHUB_TOKEN' }]);
  });
});

describe('the check of an installation', () => {
  const make = async (): Promise<{ secrets: string; logs: string; key: Buffer }> => {
    const [secrets, logs] = [join(folder, 'secrets'), join(folder, 'logs')];
    await mkdir(join(secrets, 'tls'), { recursive: true });
    await mkdir(logs);
    const key = randomBytes(32);
    await writeFile(join(secrets, 'root.key'), key, { mode: 0o600 });
    await writeFile(join(logs, 'engine.log'), 'ready\n');
    return { secrets, logs, key };
  };

  it('finds nothing where nothing is wrong', async () => {
    expect(await checkInstallation({ ...(await make()), pids: [process.pid] })).toEqual([]);
  });

  it('names a secret file that others may read', async () => {
    const { secrets, logs } = await make();
    await chmod(join(secrets, 'root.key'), 0o640);
    expect(await checkInstallation({ secrets, logs, pids: [] })).toEqual([
      expect.stringContaining('chmod 600'),
    ]);
  });

  it.each(['hex', 'base64', 'base64url'] as const)(
    'finds a key in a log, written as %s, and does not repeat it',
    async (form) => {
      const { secrets, logs, key } = await make();
      await writeFile(join(logs, 'engine.log'), `debug ${key.toString(form)}\n`);
      const found = await checkInstallation({ secrets, logs, pids: [] });
      expect(found).toEqual([expect.stringContaining('engine.log holds the secret of')]);
      expect(found.join()).not.toContain(key.toString(form));
    },
  );

  it("finds a key in a running process's environment", async () => {
    const { secrets, logs, key } = await make();
    const child = spawn(process.execPath, ['-e', 'console.log(1); setTimeout(() => {}, 60000)'], {
      env: { LEAKED: key.toString('base64') },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    try {
      const found = await checkInstallation({ secrets, logs, pids: [child.pid ?? 0] });
      expect(found).toEqual([expect.stringContaining('environment of process')]);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

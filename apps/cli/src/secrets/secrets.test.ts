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
    // Two versions of the file, and the words of two commits.
    expect(scanned).toBe(4);
    expect(findings).toMatchObject([{ path: 'config.ts', line: 1, kind: 'GITHUB_TOKEN' }]);
  });
});

describe('what is hidden from the eye is found', () => {
  it.each([
    ['in base64', `token: ${Buffer.from(planted).toString('base64')}`],
    ['in base64 for addresses, within a text', `a=${Buffer.from(`{"token":"${planted}"}`).toString('base64url')}&b`],
    ['in hexadecimal', `\\x${Buffer.from(planted).toString('hex')}`],
    ['in two literals', `const token = '${planted.slice(0, 9)}' + '${planted.slice(9)}';`],
    ['in UTF-16', Buffer.from(`token ${planted}`, 'utf16le')],
    ['between the bytes of a program', Buffer.concat([randomBytes(9_000), Buffer.from(`\0${planted}\0x`)])],
    ['after three megabytes', `${'a line of text\n'.repeat(200_000)}${planted}\n`],
  ])('%s', async (_where, content) => {
    git('init', '-q');
    await writeFile(join(folder, 'notes.bin'), content);
    const { findings } = await scanTexts(treeTexts(folder));
    expect(findings).toMatchObject([{ path: 'notes.bin', kind: 'GITHUB_TOKEN' }]);
  });

  it('in the words of a commit and of a tag', async () => {
    git('init', '-q');
    git('commit', '-q', '--allow-empty', '-m', `use ${planted}`);
    git('tag', '-a', 'v1', '-m', `with ${planted}`);
    const { findings } = await scanTexts(historyTexts(folder));
    expect(findings.map(({ path }) => path).toSorted()).toEqual(['the words of a commit', 'v1']);
  });
}); // prettier-ignore

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

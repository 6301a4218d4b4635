import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkoutRoot } from '../up/layout.ts';

// A small checkout of its own with stand-ins for npm and Vite, which write down that they were called.
let root: string;
let calls: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cordon-launcher-'));
  calls = join(root, 'calls');
  await cp(join(checkoutRoot, 'launch'), join(root, 'launch'), { recursive: true });
  await writeFile(join(root, 'package-lock.json'), '{}');
  await writeFile(calls, '');
  await writeFile(
    join(root, 'npm.mjs'),
    `import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
     appendFileSync(${JSON.stringify(calls)}, 'npm ' + process.argv.slice(2).join(' ') + '\\n');
     if (process.env.NPM_SAYS) { console.error(process.env.NPM_SAYS); process.exit(1); }
     mkdirSync('node_modules', { recursive: true });
     writeFileSync('node_modules/.package-lock.json', '{}');`,
  );
});
afterEach(() => rm(root, { recursive: true }));

interface Answer {
  readonly code: number;
  readonly said: string;
}

function run(
  file: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Answer> {
  return new Promise((resolve) => {
    const options = {
      cwd: root,
      env: { PATH: '/nowhere', npm_execpath: join(root, 'npm.mjs'), ...environment },
    };
    execFile(process.execPath, [...args, file], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: stdout + stderr });
    });
  });
}

/** Runs one step of the launcher, with its failures told as the launcher tells them. */
async function runStep(code: string, environment?: Record<string, string>): Promise<Answer> {
  const file = join(root, 'step.mjs');
  await writeFile(
    file,
    `import { tellFailures } from './launch/steps/failure.mjs';
     import { ensureInstalled } from './launch/steps/install.mjs';
     import { findNode24 } from './launch/steps/node24.mjs';
     import { buildPages } from './launch/steps/pages.mjs';
     import { requireSpace } from './launch/steps/disk.mjs';
     await tellFailures(async () => { ${code}; return 0; });`,
  );
  return run(file, [], environment);
}

const install = (environment?: Record<string, string>): Promise<Answer> =>
  runStep('await ensureInstalled()', environment);
const readCalls = async (): Promise<string[]> => (await readFile(calls, 'utf8')).split('\n').slice(0, -1);

describe('the launcher', () => {
  it.each(['start.mjs', 'test.mjs'])(
    'tells an old Node what is wanted, before anything else (%s)',
    async (entry) => {
      const fake = join(root, 'old.cjs');
      await writeFile(fake, `Object.defineProperty(process.versions, 'node', { value: '18.20.8' });`);
      const { code, said } = await run(join(root, 'launch', entry), ['--require', fake]);
      expect(code).toBe(1);
      expect(said).toBe(
        'Node 18.20.8 is too old: install Node 20 or newer (https://nodejs.org) and run this again.\n',
      );
      expect(await readCalls()).toEqual([]);
    },
  );

  it('says how much room is missing on a full disk', async () => {
    const { code, said } = await runStep(`await requireSpace(${JSON.stringify(root)}, 1e9)`);
    expect(code).toBe(1);
    expect(said).toMatch(/^cordon: The disk is full: .* has \d+ MB left and 1000000000 MB are needed/);
  });
});

describe('installing', () => {
  it('happens once, without install scripts, and again when the lockfile changed', async () => {
    const first = await install();
    expect(first.said).toContain('Installing the dependencies');
    expect((await install()).said).toBe('');
    await writeFile(join(root, 'package-lock.json'), '{"changed":true}');
    await install();
    expect(await readCalls()).toEqual(Array(2).fill('npm ci --ignore-scripts --no-audit --no-fund'));
  });

  it('is left to whoever ran npm themselves, unless the lockfile is newer', async () => {
    await mkdir(join(root, 'node_modules'));
    const hidden = join(root, 'node_modules', '.package-lock.json');
    await writeFile(hidden, '{}');
    await install();
    expect(await readCalls()).toEqual([]);
    await utimes(hidden, new Date(0), new Date(0));
    await install();
    expect(await readCalls()).toHaveLength(1);
  });

  it('that was cut short is done again', async () => {
    await mkdir(join(root, 'node_modules'));
    await install();
    expect(await readCalls()).toHaveLength(1);
  });

  it.each([
    ['npm ERR! code ENOSPC', /The disk is full/],
    ['npm ERR! EACCES: permission denied', /npm may not write below .*: run this as the owner/],
    ['npm ERR! network ECONNREFUSED', /could not reach its registry/],
    ['npm ERR! something else', /something else\ncordon: npm could not install/],
  ])('that fails with "%s" is put into words', async (words, message) => {
    const { code, said } = await install({ NPM_SAYS: words });
    expect(code).toBe(1);
    expect(said).toMatch(message);
    expect(said).not.toContain('    at ');
    // And tried again the next time.
    expect((await install()).code).toBe(0);
  });

  it('ends npm when it is ended itself, so that the next start does not install beside it', async () => {
    const file = join(root, 'step.mjs');
    await writeFile(
      join(root, 'npm.mjs'),
      `import { appendFileSync } from 'node:fs';
       process.on('SIGTERM', () => { appendFileSync(${JSON.stringify(calls)}, 'ended'); process.exit(1); });
       setInterval(() => undefined, 1000);
       appendFileSync(${JSON.stringify(calls)}, 'began,');`,
    );
    await writeFile(
      file,
      `import { ensureInstalled } from './launch/steps/install.mjs';
       await ensureInstalled();`,
    );
    const env = { PATH: '/nowhere', npm_execpath: join(root, 'npm.mjs') };
    const step = spawn(process.execPath, [file], { cwd: root, env, stdio: 'ignore' });
    await vi.waitFor(async () => {
      expect(await readFile(calls, 'utf8')).toBe('began,');
    }, 10_000);
    const ended = once(step, 'exit');
    step.kill('SIGTERM');
    expect(await ended).toEqual([null, 'SIGTERM']);
    expect(await readFile(calls, 'utf8')).toBe('began,ended');
  });

  it('without npm says that it is missing', async () => {
    const { code, said } = await install({ npm_execpath: '' });
    expect(code).toBe(1);
    expect(said).toContain('npm is missing: install it beside Node');
  });
});

describe('finding Node 24', () => {
  const find = () => runStep('console.log(await findNode24())');
  const packaged = (): string =>
    join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');

  async function writeNode(file: string, version: string): Promise<void> {
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, `#!/bin/sh\necho ${version}\n`);
    await chmod(file, 0o755);
  }

  it('takes the one that npm installed', async () => {
    await writeNode(packaged(), 'v24.1.0');
    expect((await find()).said).toBe(`${packaged()}\n`);
  });

  it('passes over one that is too old or does not run', async () => {
    await writeNode(packaged(), 'v22.9.0');
    expect((await find()).said).toBe(`${process.execPath}\n`);
    await writeFile(packaged(), 'no program');
    expect((await find()).said).toBe(`${process.execPath}\n`);
  });
});

describe('building pages', () => {
  const build = () => runStep('await buildPages(process.execPath)');

  beforeEach(async () => {
    const ui = join(root, 'apps', 'console', 'ui');
    await mkdir(ui, { recursive: true });
    await mkdir(join(root, 'apps', 'engine'));
    for (const shared of ['clinic-page', 'pan-scrubber', 'phi-redaction'])
      await mkdir(join(root, 'packages', shared), { recursive: true });
    await writeFile(join(ui, 'vite.config.ts'), '');
    await writeFile(join(root, 'page-build.ts'), '');
    await writeFile(join(ui, 'main.ts'), 'one');
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    await mkdir(join(vite, '..'), { recursive: true });
    await writeFile(
      vite,
      `const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
       const { join } = require('node:path');
       appendFileSync(${JSON.stringify(calls)}, 'vite\\n');
       if (process.env.VITE_SAYS) { console.error(process.env.VITE_SAYS); process.exit(1); }
       const out = join(process.argv[3], '../dist/ui');
       mkdirSync(out, { recursive: true });
       writeFileSync(join(out, 'index.html'), '');`,
    );
  });

  it('happens once, and again when a source changed, was added, or a page is gone', async () => {
    expect((await build()).said).toContain('Building the pages of console');
    expect((await build()).said).toBe('');
    await writeFile(join(root, 'apps', 'console', 'ui', 'main.ts'), 'two');
    await build();
    await writeFile(join(root, 'apps', 'console', 'ui', 'new.ts'), '');
    await build();
    for (const shared of ['clinic-page', 'phi-redaction']) {
      await writeFile(join(root, 'packages', shared, 'shared.ts'), '');
      await build();
    }
    await rm(join(root, 'apps', 'console', 'dist', 'ui', 'index.html'));
    await build();
    await build();
    expect(await readCalls()).toHaveLength(6);
  });

  it('that fails shows Vite’s words and is not taken for done', async () => {
    const { code, said } = await runStep('await buildPages(process.execPath)', {
      VITE_SAYS: 'main.ts: unexpected',
    });
    expect(code).toBe(1);
    expect(said).toContain('main.ts: unexpected');
    expect(said).toContain('The pages of console could not be built');
    expect((await build()).said).toContain('Building');
  });
});

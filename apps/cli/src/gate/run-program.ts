import { spawn } from 'node:child_process';
import type { Ran } from '../../../../compliance/asked.ts';

const mostCharacters = 40_000_000;

/** Runs a program without a shell, with the environment's PATH and HOME and nothing of ours. A program that is not there says so. */
export function runProgram(
  folder: string,
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const environment = Object.fromEntries(
      Object.entries(process.env).filter(
        ([name]) =>
          !/^(NODE_OPTIONS|NODE_CHANNEL|npm_|CORDON_DB_|VITEST|VITE_|NO_COLOR|FORCE_COLOR)/.test(name),
      ),
    );
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...environment, NO_COLOR: '1' },
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      if (stdout.length > mostCharacters) child.kill();
    });
    child.stderr
      .setEncoding('utf8')
      .on('data', (chunk: string) => (stderr = `${stderr}${chunk}`.slice(-20_000)));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code: code ?? 255, stdout, stderr });
    });
  });
}

/** What runs Node's own tools of this checkout: `npx x` is a file of node_modules, run by this very Node. */
export function commandOf(
  program: string,
  args: readonly string[],
): { program: string; args: readonly string[] } {
  const sources = ['--conditions=cordon-source'];
  if (program === 'node') return { program: process.execPath, args: [...sources, ...args] };
  if (program !== 'npx') return { program, args };
  const [tool = '', ...rest] = args;
  if (tool === 'cordon')
    return { program: process.execPath, args: [...sources, 'apps/cli/src/main.ts', ...rest] };
  const entry = {
    vitest: 'node_modules/vitest/vitest.mjs',
    depcruise: 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
  }[tool];
  return entry === undefined ? { program, args } : { program: process.execPath, args: [entry, ...rest] };
}

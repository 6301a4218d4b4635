import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { TransparencyLogError, transparencyLogErrorCodes } from '../index.ts';

// Starts a process; a busy machine needs more than the usual five seconds.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');

describe('the README', () => {
  it('shows an example that runs as it stands', () => {
    const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const entryPoint = JSON.stringify(join(import.meta.dirname, '..', 'index.ts'));
    const program = example.replace("'@cordon/transparency-log'", entryPoint);
    const run = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', program], {
      encoding: 'utf8',
      timeout: 170_000,
    });
    expect(run.stderr).toBe('');
    expect(run.stdout).toBe('entry 1 of 2 is in the log\n');
  });

  it('lists each error code with its message, and no other', () => {
    const listed = [...readme.matchAll(/^\| `([a-z0-9-]+)` +\| (.+?) +\|$/gm)].map(([, code, message]) => [
      code,
      message,
    ]);
    const real = transparencyLogErrorCodes.map((code) => [
      code,
      new TransparencyLogError(code).publicMessage,
    ]);
    expect(listed).toEqual(real);
  });
});

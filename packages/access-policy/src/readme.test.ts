import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as library from '../index.ts';

const PACKAGE = join(import.meta.dirname, '..');
const readme = readFileSync(join(PACKAGE, 'README.md'), 'utf8');
const firstColumn = (heading: string): string[] => {
  const table = readme.split(`\n| ${heading}`)[1]?.split('\n\n')[0] ?? '';
  return [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name);
};

describe('the README', () => {
  it('shows an example that prints what it says', () => {
    const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const printed = /It prints:\n\n```\n([\s\S]*?)```/.exec(readme)?.[1];
    const run = spawnSync(
      process.execPath,
      ['--conditions=cordon-source', '--input-type=module-typescript', '--eval', example],
      {
        cwd: PACKAGE,
        encoding: 'utf8',
        timeout: 170_000,
      },
    );
    expect(run.stderr).toBe('');
    expect(run.stdout).toBe(printed);
  });

  it('lists every reason code and every error code', () => {
    expect(firstColumn('error code')).toEqual([...library.ACCESS_POLICY_ERROR_CODES]);
    expect(firstColumn('permit')).toEqual([...library.PERMIT_REASONS]);
    expect(firstColumn('deny')).toEqual([...library.DENY_REASONS]);
  });

  it('names functions that are there', () => {
    const functions = firstColumn('function').map((name) => name.replace(/\(.*/, ''));
    const exported = Object.entries(library).flatMap(([name, value]) =>
      typeof value === 'function' && name !== 'AccessPolicyError' ? [name] : [],
    );
    expect(functions.filter((name) => !name.startsWith('policy.')).toSorted()).toEqual(exported.toSorted());
  });
});

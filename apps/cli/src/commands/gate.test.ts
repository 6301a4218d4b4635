import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oscalResults } from '../../../../testing/oscal-results.ts';
import { checkoutRoot } from '../up/layout.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-gate-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function cordon(...args: string[]): Promise<Answer> {
  return new Promise((resolve) => {
    const program = join(checkoutRoot, 'apps/cli/bin/cordon.mjs');
    execFile(process.execPath, [program, ...args], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

describe('cordon gate', () => {
  it('lists every control and explains one', async () => {
    const [list, one] = await Promise.all([cordon('gate', '--list'), cordon('gate', '--explain', 'sec-003')]);
    expect(list.stdout).toMatch(/^SEC-001 +P0 {2}Card numbers/);
    expect(list.stdout.trim().split('\n').length).toBeGreaterThan(60);
    expect(one).toMatchObject({ code: 0, stderr: '' });
    expect(one.stdout).toContain("blocks    production, and every environment with real patients' data");
    expect(one.stdout).toContain('§164.504(e)');
  });

  it('is blocked by agreements that nobody has signed: exit code 1, quiet and without colours off a terminal', async () => {
    const { code, stdout, stderr } = await cordon('gate', '--to', 'production', '--only', 'SEC-003');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain('BLOCKED  1 of 1 controls stand in the way');
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'Auth0 (Identity) has not signed; Twilio (SMS) has not signed',
    );
    expect(stdout).toContain('next    have both parties sign');
    expect(stdout).not.toContain('\u001b');
  });

  it('lets through what passes: exit code 0, with the report in the file', async () => {
    const file = join(folder, 'results.json');
    const told = await cordon(
      'gate',
      '--to',
      'development',
      '--only',
      'SEC-001',
      '--format',
      'oscal',
      '--output',
      file,
    );
    expect(told).toEqual({ code: 0, stdout: '', stderr: '' });
    const { results } = oscalResults.parse(JSON.parse(await readFile(file, 'utf8')))['assessment-results'];
    expect(results[0]?.findings?.map(({ target }) => target.status.state)).toEqual(['satisfied']);
  });

  it.each([
    [['--to', 'moon'], 'is one of development, staging, production'],
    [[], 'Say where to'],
    [['--to', 'staging', '--only', 'SEC-404'], 'There is no control SEC-404'],
    [['--to', 'staging', '--format', 'pdf'], '--format is one of'],
    [['--to', 'staging', '--fast'], "Unknown option '--fast'"],
  ])('could not run with %j: exit code 2', async (args, says) => {
    const { code, stdout, stderr } = await cordon('gate', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
  });
});

it('cordon check asks without judging', async () => {
  const { code, stdout } = await cordon('check', '--only', 'SEC-003,SEC-001');
  expect(code).toBe(0);
  expect(stdout).toContain('NOT JUDGED\n  ✓ 1 pass   ✗ 1 fail   ? 0 unknown');
});

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandTable } from './command-table.ts';
import { checkoutRoot } from './up/layout.ts';

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: string[]): Promise<Answer> {
  return new Promise((resolve) => {
    const program = join(checkoutRoot, 'apps/cli/bin/cordon.mjs');
    execFile(process.execPath, [program, ...args], (error, stdout, stderr) => {
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

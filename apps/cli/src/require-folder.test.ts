import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { command as gate } from './commands/gate.ts';
import { command as keys } from './commands/keys.ts';
import { requireFolder } from './require-folder.ts';

it('takes a file that can be made, and none at all', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-output-'));
  await requireFolder(join(folder, 'report.json'));
  await requireFolder('report.json');
  await requireFolder(undefined);
  await rm(folder, { recursive: true });
});

const id = '0a1b2c3d-0000-4000-8000-000000000001';

it('refuses before a key is destroyed or a control is asked', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  await expect(keys.run(['destroy', id, id, '--output', '/nowhere/proof'])).rejects.toMatchObject({
    code: 'ENOENT',
    path: '/nowhere',
  });
  expect(await gate.run(['--to', 'development', '--output', '/nowhere/report'])).toBe(2);
  expect(said).toHaveBeenCalledWith('cordon: There is no /nowhere: check the path.');
  said.mockRestore();
});

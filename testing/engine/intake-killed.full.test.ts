import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../forms/read-one-form.ts', import.meta.url));
const forms = ['lines-card-in-notes', 'sideways-exif', 'text-pdf-two-pages', 'image-pdf-card-in-address'];
const kills = 100;
/** From before the bytes are there to well into the reading, in milliseconds. */
const earliest = 150;
const latest = 3_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-killed-'));
  for (const name of ['temp', 'work', 'home']) await mkdir(join(folder, name));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every file that the process left in its temp folder, its working folder and its home. */
async function leftovers(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}

/** Starts a reading and kills it; tells whether it was still under way. */
async function killAfter(milliseconds: number, form: string): Promise<boolean> {
  const child = spawn(process.execPath, ['--conditions=cordon-source', script, form], {
    cwd: join(folder, 'work'),
    env: { TMPDIR: join(folder, 'temp'), HOME: join(folder, 'home') },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  const [, signal] = await ended;
  clearTimeout(timer);
  return signal === 'SIGKILL';
}

describe('a process killed in the middle of an intake', () => {
  it(`leaves no file behind, ${kills} times over`, async () => {
    let underWay = 0;
    for (let round = 0; round < kills; round += 1) {
      const after = earliest + ((latest - earliest) * round) / (kills - 1);
      if (await killAfter(after, forms[round % forms.length] ?? '')) underWay += 1;
      expect(await leftovers(), `after ${Math.round(after)} ms`).toEqual([]);
    }
    // On a fast machine the last ones may have ended by themselves.
    expect(underWay).toBeGreaterThan(kills / 4);
  });

  it('would be found out: a file written there is seen', async () => {
    await writeFile(join(folder, 'temp', 'page.pgm'), 'P5');
    expect(await leftovers()).toEqual([join(folder, 'temp', 'page.pgm')]);
  });
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { choosesDemo, isWithoutDemo } from './choose-demo.ts';
import { demoFileOf } from './demo-file.ts';
import { makeLayout } from './layout.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cordon-choose-demo-'));
  await mkdir(makeLayout(root, 7400).secrets, { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

describe('the demo', () => {
  it('is added unless it was to be left out', async () => {
    const layout = makeLayout(root, 7400);
    expect(await choosesDemo(layout, false)).toBe(true);
    expect(await isWithoutDemo(layout)).toBe(false);
  });

  it('is never added to an installation that was begun without it', async () => {
    const layout = makeLayout(root, 7400);
    expect(await choosesDemo(layout, true)).toBe(false);
    expect(await choosesDemo(layout, false)).toBe(false);
    expect(await choosesDemo(layout, true)).toBe(false);
  });

  it('is not left out of an installation that holds it: that is said, and nothing is marked', async () => {
    const layout = makeLayout(root, 7400);
    await writeFile(demoFileOf(layout), '{"tenants":[],"accounts":[]}');
    await expect(choosesDemo(layout, true)).rejects.toMatchObject({ code: 'arguments-invalid' });
    expect(await choosesDemo(layout, false)).toBe(true);
  });
});

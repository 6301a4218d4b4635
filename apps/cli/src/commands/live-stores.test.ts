import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOf } from '@cordon/stores/processes';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeLayout } from '../up/layout.ts';
import { findLiveStores } from './live-stores.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cordon-live-'));
  await mkdir(join(root, '.cordon', 'secrets'), { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

const database = { store: 'vault', database: 'cordon_vault' } as Parameters<
  NonNullable<Awaited<ReturnType<typeof findLiveStores>>>
>[0];

it('finds the stores on the ports that Cordon was started on, not on those it starts on by default', async () => {
  const lock = { pid: process.pid, start: await startOf(process.pid), basePort: 8_520 };
  await writeFile(join(root, '.cordon', 'up.lock'), JSON.stringify(lock));
  const live = await findLiveStores(makeLayout(root, 7_400), []);
  expect(live?.(database)).toMatchObject({ port: makeLayout(root, 8_520).ports.postgres });
});

it('finds nothing where Cordon does not run', async () => {
  expect(await findLiveStores(makeLayout(root, 7_400), [])).toBeUndefined();
});

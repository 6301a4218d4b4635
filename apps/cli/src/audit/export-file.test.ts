import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RowSource } from '@cordon/audit-log';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeExport } from './export-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-export-'));
});
afterEach(() => rm(folder, { recursive: true }));

const source = (rows: RowSource['rows']): RowSource =>
  ({ until: 0, rows, rowsWithoutLeaf: () => Promise.resolve([]) }) as Partial<RowSource> as RowSource;
// eslint-disable-next-line @typescript-eslint/require-await -- a source without rows
const empty = source(async function* () {
  yield [];
});

it('leaves a file alone that is there already', async () => {
  const file = join(folder, 'kept');
  await writeFile(file, 'kept');
  await expect(writeExport(file, empty, [])).rejects.toMatchObject({ code: 'EEXIST' });
  expect(await readFile(file, 'utf8')).toBe('kept');
});

it('says that the folder is not there', async () => {
  await expect(writeExport(join(folder, 'no', 'file'), empty, [])).rejects.toMatchObject({ code: 'ENOENT' });
});

it('leaves no half of an export, which would look like a log that was cut', async () => {
  // eslint-disable-next-line @typescript-eslint/require-await -- a store that went away after the first rows
  const ends = source(async function* () {
    yield [];
    throw new Error('the store is away');
  });
  await expect(writeExport(join(folder, 'half'), ends, [])).rejects.toThrow('the store is away');
  expect(await readdir(folder)).toEqual([]);
});

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { proveAtRest, proveDevice } from './at-rest.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-sysfs-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A device of sysfs: its device-mapper id, and what it is made of. */
async function device(path: string, uuid: string | undefined): Promise<void> {
  await mkdir(join(folder, path, 'dm'), { recursive: true });
  if (uuid !== undefined) await writeFile(join(folder, path, 'dm', 'uuid'), `${uuid}\n`);
}

it('takes a volume of LUKS as proven, and says by what', async () => {
  await device('a', 'CRYPT-LUKS2-0123-root');
  expect(await proveDevice(join(folder, 'a'), 4)).toEqual({ state: 'proven', by: 'CRYPT-LUKS2' });
});

it('looks below a logical volume', async () => {
  await device('a', 'LVM-abc');
  await device('a/slaves/b', 'CRYPT-LUKS1-0123-disk');
  expect(await proveDevice(join(folder, 'a'), 4)).toEqual({ state: 'proven', by: 'CRYPT-LUKS1' });
});

it('does not take a volume whose other half lies in the clear', async () => {
  await device('a', 'LVM-abc');
  await device('a/slaves/b', 'CRYPT-LUKS2-0123-disk');
  await device('a/slaves/c', undefined);
  expect(await proveDevice(join(folder, 'a'), 4)).toEqual({ state: 'unknown' });
});

it.each([
  ['a plain disk', undefined],
  ['a device that only sounds like it', 'MY-CRYPT-LUKS2'],
])('says of %s that it does not know', async (_name, uuid) => {
  await device('a', uuid);
  expect(await proveDevice(join(folder, 'a'), 4)).toEqual({ state: 'unknown' });
});

it('does not know of a path that is not there, nor of a system that tells nothing', async () => {
  expect(await proveAtRest(join(folder, 'nowhere'))).toEqual({ state: 'unknown' });
  expect(await proveAtRest(folder, join(folder, 'no-sysfs'))).toEqual({ state: 'unknown' });
});

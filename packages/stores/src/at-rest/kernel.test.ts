import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { proveAtRest, proveDevice, proveServerAtRest } from './kernel.ts';

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

describe('a server', () => {
  /** A data folder on a volume that sysfs calls encrypted. */
  async function dataFolder(): Promise<string> {
    const data = join(folder, 'data');
    for (const name of ['global', 'pg_tblspc', 'pg_wal']) await mkdir(join(data, name), { recursive: true });
    const identifier = Buffer.alloc(16);
    identifier.writeBigUInt64LE(7_512_345_678_901_234_567n);
    await writeFile(join(data, 'global', 'pg_control'), identifier);
    const device = BigInt((await stat(data)).dev);
    const name = `${(device >> 8n) & 0xfffn}:${(device & 0xffn) | ((device >> 12n) & ~0xffn)}`;
    await mkdir(join(folder, 'sys', 'dev', 'block', name, 'dm'), { recursive: true });
    await writeFile(join(folder, 'sys', 'dev', 'block', name, 'dm', 'uuid'), 'CRYPT-LUKS2-0123-data');
    return data;
  }
  const prove = (data: string, identifier = '7512345678901234567') =>
    proveServerAtRest(data, identifier, join(folder, 'sys'));

  it('is proven by its own folder', async () => {
    expect(await prove(await dataFolder())).toEqual({ state: 'proven', by: 'CRYPT-LUKS2' });
  });

  it('is not proven by the folder of another', async () => {
    expect(await prove(await dataFolder(), '1')).toEqual({ state: 'unknown' });
    expect(await prove(folder)).toEqual({ state: 'unknown' });
  });

  it('is not proven while it keeps a tablespace elsewhere', async () => {
    const data = await dataFolder();
    await writeFile(join(data, 'pg_tblspc', '16384'), '');
    expect(await prove(data)).toEqual({ state: 'unknown' });
  });
});

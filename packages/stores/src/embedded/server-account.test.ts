import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findServerAccount, makeServerFolder } from './server-account.ts';

const nobody = { uid: 65_534, gid: 65_534 };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-account-'));
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true }));

describe('makeServerFolder', () => {
  it('skips a folder that another account cannot reach', async () => {
    await mkdir(join(folder, 'closed'), { mode: 0o700 });
    const chosen = await makeServerFolder([join(folder, 'closed', 'a'), join(folder, 'open', 'b')], nobody);
    expect(chosen).toBe(join(folder, 'open', 'b'));
    expect((await stat(join(folder, 'open'))).mode & 0o777).toBe(0o711);
    expect((await stat(chosen)).mode & 0o777).toBe(0o711);
  });

  it('keeps the folder that holds data, whatever else would do now', async () => {
    await mkdir(join(folder, 'second', 'data'), { recursive: true });
    expect(await makeServerFolder([join(folder, 'first'), join(folder, 'second')], nobody)).toBe(
      join(folder, 'second'),
    );
  });

  it('gives the folder to the caller alone when the server runs as the caller', async () => {
    await mkdir(join(folder, 'closed'), { mode: 0o700 });
    const chosen = await makeServerFolder([join(folder, 'closed', 'a')], undefined);
    expect((await stat(chosen)).mode & 0o777).toBe(0o700);
  });

  it('says what to do when no folder can be reached', async () => {
    await mkdir(join(folder, 'closed'), { mode: 0o700 });
    await expect(makeServerFolder([join(folder, 'closed', 'a')], nobody)).rejects.toMatchObject({
      code: 'folder-not-searchable',
    });
  });
});

describe('findServerAccount', () => {
  it('takes the unprivileged account as root, whatever its number is', async () => {
    const file = join(folder, 'passwd');
    await writeFile(file, 'root:x:0:0:root:/root:/bin/sh\nnobody:x:99:98:nobody:/:/bin/false\n');
    expect(await findServerAccount(file, 0)).toEqual({ uid: 99, gid: 98 });
  });

  it('refuses a machine that has none, and never takes root for it', async () => {
    const file = join(folder, 'passwd');
    await writeFile(file, 'root:x:0:0:root:/root:/bin/sh\nnobody:x:0:0:trick:/:/bin/false\n');
    await expect(findServerAccount(file, 0)).rejects.toMatchObject({ code: 'server-account-missing' });
  });

  it('runs the server as the caller otherwise', async () => {
    expect(await findServerAccount('/etc/passwd', 1000)).toBeUndefined();
  });
});

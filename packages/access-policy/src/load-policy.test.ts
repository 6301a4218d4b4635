import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONFIG_FOLDER, readShippedText } from '../testing/shipped-files.ts';
import type { AccessPolicyError } from './error.ts';
import { findDuplicateKeys } from './find-duplicate-keys.ts';
import { FILE_KEYS, FILE_NAMES, type FileKey } from './ids.ts';
import { loadPolicy, readUntilStable, type PolicyTexts } from './load-policy.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-policy-'));
  for (const key of FILE_KEYS) await write(key, readShippedText(key));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (key: FileKey, text: string): Promise<void> => writeFile(join(folder, FILE_NAMES[key]), text);
const refusal = (): Promise<AccessPolicyError> =>
  loadPolicy(folder).then(
    () => Promise.reject(new Error('the files were accepted')),
    (error: unknown) => error as AccessPolicyError,
  );

describe('loadPolicy', () => {
  it('compiles the shipped folder', async () => {
    const policy = await loadPolicy(CONFIG_FOLDER);
    expect(policy.files.dataClasses.dataClasses).toHaveLength(17);
  });

  it('names the file that is missing', async () => {
    await rm(join(folder, FILE_NAMES.aiGateway));
    const error = await refusal();
    expect(error.code).toBe('policy-file-unreadable');
    expect(error.detail).toContain(FILE_NAMES.aiGateway);
  });

  it('does not read a file without end', async () => {
    await rm(join(folder, FILE_NAMES.aiGateway));
    await symlink('/dev/zero', join(folder, FILE_NAMES.aiGateway));
    const error = await refusal();
    expect(error.code).toBe('policy-file-unreadable');
    expect(error.cause).toMatchObject({ message: 'not a file' });
  });

  it('refuses a file above 1 MiB', async () => {
    await write('aiGateway', `${readShippedText('aiGateway')}${' '.repeat(1_048_576)}`);
    expect((await refusal()).code).toBe('policy-file-unreadable');
  });

  it('reports text that is no JSON together with the problems of the other files', async () => {
    await write('aiGateway', '{ "version": ');
    await write('dataClasses', readShippedText('dataClasses').replaceAll('"region.eu"', '"region.mars"'));
    const { problems } = await refusal();
    expect(problems).toContainEqual(
      expect.objectContaining({ kind: 'not-json', file: FILE_NAMES.aiGateway, path: '$' }),
    );
    expect(problems.filter(({ kind }) => kind === 'invalid-value')).toHaveLength(3);
    expect(problems.filter(({ file }) => file === FILE_NAMES.aiGateway)).toHaveLength(1);
  });

  it('refuses a second "restricted" that would undo the first', async () => {
    const text = readShippedText('retentionAndAccess').replace(
      '"restricted": ["auditLogEntry"]',
      '"restricted": ["auditLogEntry"], "restricted": []',
    );
    await write('retentionAndAccess', text);
    expect((await refusal()).problems).toEqual([
      expect.objectContaining({
        kind: 'duplicate-key',
        path: '$.roles[0].permissions.restricted',
        value: '"restricted"',
      }),
    ]);
  });
});

describe('readUntilStable', () => {
  const texts = (aiGateway: string): PolicyTexts => ({
    dataClasses: 'a',
    retentionAndAccess: 'b',
    aiGateway,
  });
  const reader = (...readings: readonly string[]): (() => Promise<PolicyTexts>) => {
    const left = [...readings];
    return () => Promise.resolve(texts(left.shift() ?? 'end'));
  };

  it('takes what two readings in a row agree on', async () => {
    expect(await readUntilStable(reader('half', 'whole', 'whole', 'later'))).toEqual(texts('whole'));
  });

  it('gives up on files that never stand still', async () => {
    await expect(readUntilStable(reader('1', '2', '3', '4'))).rejects.toMatchObject({
      code: 'policy-files-changing',
    });
  });
});

describe('findDuplicateKeys', () => {
  it.each([
    ['{"a":1,"a":2}', ['$.a']],
    ['{"a":1,"\\u0061":2}', ['$.a']],
    ['[{"a":1},{"a":1,"b":{"c":1,"c":1}}]', ['$[1].b.c']],
    ['{"x":[1,2,{"a":":","a":"{"}]}', ['$.x[2].a']],
    ['{"a":{"b":1},"c":{"b":1},"d":"a"}', []],
    ['{"a":"\\"a\\":1,","b":[",","a"]}', []],
  ])('in %s finds %j', (text, paths) => {
    JSON.parse(text);
    expect(findDuplicateKeys('aiGateway', text).map(({ path }) => path)).toEqual(paths);
  });
});

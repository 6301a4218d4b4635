import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFiles, type ExpectedIds } from './check-files.ts';
import { AccessPolicyError, type PolicyProblem } from './error.ts';
import { findDuplicateKeys } from './find-duplicate-keys.ts';
import { FILE_KEYS, FILE_NAMES, type DataClassId, type FileKey, type RoleId } from './ids.ts';
import { compileFiles, CORDON_IDS, type Policy } from './policy.ts';

export type PolicyTexts = Readonly<Record<FileKey, string>>;

/** 1 MiB: the shipped files are below 30 KiB. */
const MAX_BYTES = 1_048_576;
const READ_ATTEMPTS = 3;

/**
 * Reads, checks and compiles the three files of a folder.
 * @throws {AccessPolicyError} `policy-files-invalid` with every problem of every file, `policy-file-unreadable`,
 * or `policy-files-changing` when somebody kept writing to them
 */
export async function loadPolicy<R extends string = RoleId, D extends string = DataClassId>(
  directory: string,
  expected: ExpectedIds = CORDON_IDS,
): Promise<Policy<R, D>> {
  return compileTexts<R, D>(await readPolicyTexts(directory), expected);
}

export function compileTexts<R extends string, D extends string>(
  texts: PolicyTexts,
  expected: ExpectedIds,
): Policy<R, D> {
  const problems: PolicyProblem[] = [];
  const raw = {
    dataClasses: parseText('dataClasses', texts.dataClasses, problems),
    retentionAndAccess: parseText('retentionAndAccess', texts.retentionAndAccess, problems),
    aiGateway: parseText('aiGateway', texts.aiGateway, problems),
  };
  return compileFiles<R, D>(checkFiles(raw, expected, problems));
}

/** The three texts of a folder, at one moment. */
export function readPolicyTexts(directory: string): Promise<PolicyTexts> {
  return readUntilStable(() => readOnce(directory));
}

/** Reads until two readings agree: half a write, or one file of a changed pair, is never taken up. */
export async function readUntilStable(read: () => Promise<PolicyTexts>): Promise<PolicyTexts> {
  let before = await read();
  for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
    const after = await read();
    if (FILE_KEYS.every((key) => before[key] === after[key])) return after;
    before = after;
  }
  throw new AccessPolicyError('policy-files-changing', `${READ_ATTEMPTS + 1} readings all differ`);
}

async function readOnce(directory: string): Promise<PolicyTexts> {
  const [dataClasses, retentionAndAccess, aiGateway] = await Promise.all([
    readText(join(directory, FILE_NAMES.dataClasses)),
    readText(join(directory, FILE_NAMES.retentionAndAccess)),
    readText(join(directory, FILE_NAMES.aiGateway)),
  ]);
  return { dataClasses, retentionAndAccess, aiGateway };
}

async function readText(path: string): Promise<string> {
  try {
    const entry = await stat(path);
    // A device or a pipe has no size and no end.
    if (!entry.isFile()) throw new TypeError('not a file');
    if (entry.size > MAX_BYTES) throw new RangeError(`${entry.size} bytes; at most ${MAX_BYTES}`);
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new AccessPolicyError('policy-file-unreadable', `cannot read ${path}`, { cause });
  }
}

function parseText(file: FileKey, text: string, problems: PolicyProblem[]): unknown {
  try {
    const value: unknown = JSON.parse(text);
    problems.push(...findDuplicateKeys(file, text));
    return value;
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message : 'unreadable';
    problems.push({
      kind: 'not-json',
      file: FILE_NAMES[file],
      path: '$',
      value: reason.slice(0, 200),
      message: 'is not JSON',
    });
    return undefined;
  }
}

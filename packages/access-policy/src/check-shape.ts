import { z } from 'zod';
import type { PolicyProblem } from './error.ts';
import { FILE_NAMES, type FileKey } from './ids.ts';
import { showValue, toJsonPath, valueAt } from './json-path.ts';
import { findNearest } from './nearest.ts';
import { aiGatewaySchema, type AiGatewayFile } from './schemas/ai-gateway.ts';
import { MAX_ENTRIES } from './schemas/common.ts';
import { dataClassesSchema, type DataClassesFile } from './schemas/data-classes.ts';
import { retentionAndAccessSchema, type RetentionAndAccessFile } from './schemas/retention-and-access.ts';

const FILE_SCHEMAS = {
  dataClasses: dataClassesSchema,
  retentionAndAccess: retentionAndAccessSchema,
  aiGateway: aiGatewaySchema,
} as const;

/** The three files, checked. */
export interface PolicyFiles {
  readonly dataClasses: DataClassesFile;
  readonly retentionAndAccess: RetentionAndAccessFile;
  readonly aiGateway: AiGatewayFile;
}

/** JSON Schema (draft 2020-12) of a file, as published beside it. */
export function toJsonSchema(file: FileKey): object {
  return z.toJSONSchema(FILE_SCHEMAS[file], { target: 'draft-2020-12', io: 'input' });
}

/** Holds one file against its schema; gives the parsed file, or null, and every problem. */
export function checkShape<K extends FileKey>(
  file: K,
  raw: unknown,
): { readonly parsed: PolicyFiles[K] | null; readonly problems: PolicyProblem[] } {
  const result = FILE_SCHEMAS[file].safeParse(raw);
  if (result.success) return { parsed: result.data as PolicyFiles[K], problems: [] };
  return { parsed: null, problems: result.error.issues.flatMap((issue) => toProblems(file, raw, issue)) };
}

function toProblems(file: FileKey, raw: unknown, issue: z.core.$ZodIssue): PolicyProblem[] {
  if (issue.code === 'unrecognized_keys') {
    // An object with more strangers than this is no slip of the pen; the first of them say enough.
    return issue.keys.slice(0, MAX_ENTRIES).map((key) => {
      const steps = [...issue.path, key];
      return problem(
        'unknown-key',
        file,
        steps,
        valueAt(raw, steps),
        `has the unknown key ${JSON.stringify(key.slice(0, 80))}`,
        findNearest(key, knownKeys(file)),
      );
    });
  }
  const value = valueAt(raw, issue.path);
  const candidates = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const nearest = typeof value === 'string' ? findNearest(value, candidates) : undefined;
  return [problem('invalid-value', file, issue.path, value, issue.message, nearest)];
}

function problem(
  kind: PolicyProblem['kind'],
  file: FileKey,
  steps: readonly PropertyKey[],
  value: unknown,
  message: string,
  nearest: string | undefined,
): PolicyProblem {
  return {
    kind,
    file: FILE_NAMES[file],
    path: toJsonPath(steps),
    value: showValue(value),
    message,
    ...(nearest === undefined ? {} : { nearest }),
  };
}

const keysOfSchemas = new Map<FileKey, ReadonlySet<string>>();

/** Every key that the file's schema knows, at any depth. */
function knownKeys(file: FileKey): ReadonlySet<string> {
  const known = keysOfSchemas.get(file);
  if (known !== undefined) return known;
  const keys = new Set<string>();
  JSON.stringify(toJsonSchema(file), (name, value: unknown) => {
    if (name === 'properties' && typeof value === 'object' && value !== null) {
      for (const key of Object.keys(value)) keys.add(key);
    }
    return value;
  });
  keysOfSchemas.set(file, keys);
  return keys;
}

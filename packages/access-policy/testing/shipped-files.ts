import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RawFiles } from '../src/check-references.ts';
import { FILE_NAMES, type FileKey } from '../src/ids.ts';

export const CONFIG_FOLDER = join(import.meta.dirname, '..', '..', '..', 'config');

export function readShippedText(file: FileKey): string {
  return readFileSync(join(CONFIG_FOLDER, FILE_NAMES[file]), 'utf8');
}

/** A fresh copy of the three shipped files, for a test to damage. */
export function readShippedFiles(): RawFiles {
  return {
    dataClasses: JSON.parse(readShippedText('dataClasses')),
    retentionAndAccess: JSON.parse(readShippedText('retentionAndAccess')),
    aiGateway: JSON.parse(readShippedText('aiGateway')),
  };
}

/** Sets, or with `undefined` removes, what stands at a path such as `roles.0.permissions.read.3`. */
export function change(root: unknown, path: string, value: unknown): void {
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let at = root as Record<string, unknown>;
  for (const step of steps) at = at[step] as Record<string, unknown>;
  if (value === undefined) Reflect.deleteProperty(at, last);
  else at[last] = value;
}

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { toJsonSchema } from '../src/check-shape.ts';
import { FILE_KEYS, FILE_NAMES } from '../src/ids.ts';
import { loadPolicy } from '../src/load-policy.ts';
import { printMatrix } from '../src/matrix.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
export const CONFIG_FOLDER = join(ROOT, 'config');

export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** The JSON Schema of each configuration file, as it must stand beside it. */
export async function generateSchemas(): Promise<GeneratedFile[]> {
  return Promise.all(
    FILE_KEYS.map((key) =>
      formatted(
        join(CONFIG_FOLDER, FILE_NAMES[key].replace(/\.json$/, '.schema.json')),
        JSON.stringify(toJsonSchema(key), null, 2),
      ),
    ),
  );
}

/** The access matrix, as it must stand in the documentation. */
export async function generateMatrix(): Promise<GeneratedFile> {
  return formatted(
    join(ROOT, 'docs', 'access-matrix.md'),
    printMatrix(await loadPolicy<string, string>(CONFIG_FOLDER)),
  );
}

/** Writes what changed; gives the paths. */
export async function writeGenerated(files: readonly GeneratedFile[]): Promise<string[]> {
  const written: string[] = [];
  for (const { path, text } of files) {
    const before = await readFile(path, 'utf8').catch(() => '');
    if (before === text) continue;
    await writeFile(path, text);
    written.push(path);
  }
  return written;
}

async function formatted(path: string, text: string): Promise<GeneratedFile> {
  return { path, text: await format(text, { ...(await resolveConfig(path)), filepath: path }) };
}

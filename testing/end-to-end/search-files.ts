import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { searchFor, type Trace } from './traces.ts';

/** Files above this are not read whole; an installation of the demo has none. */
const largestBytes = 200_000_000;

/**
 * Looks for the traces in every file below the folders: tables, write-ahead log, logs, objects, secrets, temporary files. What
 * lies below `without` (programs that came from npm) is left out. Answers where each lies: "folder file: form".
 */
export async function searchFiles(
  folders: readonly string[],
  without: readonly string[],
  traces: readonly Trace[],
): Promise<{ readonly found: string[]; readonly files: number }> {
  const search = searchFor(traces);
  const found: string[] = [];
  let files = 0;
  for (const folder of folders)
    for (const file of await listFiles(folder, without)) {
      const bytes = await readFile(file);
      if (bytes.length > largestBytes) throw new Error(`${file} is too large to search.`);
      files += 1;
      const place = relative(folder, file);
      // What a file is called speaks as well.
      for (const form of [...search(bytes), ...search(Buffer.from(place))]) found.push(`${place}: ${form}`);
    }
  return { found, files };
}

async function listFiles(folder: string, without: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (without.includes(path)) continue;
    if (entry.isDirectory()) files.push(...(await listFiles(path, without)));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}

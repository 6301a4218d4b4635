/**
 * Renders every synthetic form into `testing/forms/rendered/`:
 * `node --conditions=cordon-source testing/forms/render-forms.ts`
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { formCases } from './cases.ts';
import { drawSheet } from './draw-sheet.ts';

const largestFile = 200 * 1024;
const folder = new URL('rendered/', import.meta.url);

await mkdir(folder, { recursive: true });
/** Forms named on the command line, or all. */
const wanted = process.argv.slice(2);
for (const { id, file, mediaType, sheet } of formCases) {
  if (wanted.length > 0 && !wanted.includes(id)) continue;
  const bytes = await drawSheet(sheet, mediaType);
  if (bytes.length > largestFile)
    throw new Error(`${file} has ${bytes.length} bytes; at most ${largestFile} are allowed.`);
  await writeFile(new URL(file, folder), bytes);
  process.stdout.write(`${file} ${bytes.length} bytes\n`);
}

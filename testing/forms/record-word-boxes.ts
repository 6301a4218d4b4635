/**
 * Records what OCR reads on the forms that are not read live in every run, into `testing/forms/word-boxes/`:
 * `node --conditions=cordon-source testing/forms/record-word-boxes.ts`
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { createFormReader } from '../../apps/engine/src/features/intake/index.ts';
import { createTesseractEngine, type OcrPage } from '../../apps/engine/src/features/intake/reading/index.ts';
import { formCases, liveForms, readFormFile } from './cases.ts';
import { hashOf, recordingOf } from './recorded-engine.ts';

await mkdir(new URL('.', recordingOf('x')), { recursive: true });
const tesseract = createTesseractEngine({ workers: 1 });
/** Forms named on the command line, or all. */
const wanted = process.argv.slice(2);
for (const { id } of formCases.filter((form) => !liveForms.has(form.id))) {
  if (wanted.length > 0 && !wanted.includes(id)) continue;
  const pages: OcrPage[] = [];
  const reader = createFormReader({
    ocrEngine: {
      async readPage(image, signal, manner) {
        const page = await tesseract.readPage(image, signal, manner);
        pages.push(page);
        return page;
      },
      close: () => Promise.resolve(),
    },
  });
  const file = readFormFile(id);
  // Whether the form is accepted is not asked here.
  const told = await reader.read(Buffer.from(file)).then(
    ({ cardNumbersRemoved }) => `read, ${cardNumbersRemoved} removed`,
    (error: unknown) => String(error),
  );
  await writeFile(recordingOf(id), `${JSON.stringify({ sha256: hashOf(file), pages })}\n`);
  process.stdout.write(`${id}: ${told}\n`);
}
await tesseract.close();

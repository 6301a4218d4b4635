import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { base64Phases } from './encodings.ts';
import { searchStores } from './search-stores.ts';
import type { TestEngine } from './run-engine.ts';

/** A card number as it may lie somewhere: plain and grouped, each in UTF-8, in both UTF-16, and in base64 of any phase. */
export function formsOfNumber(digits: string): Buffer[] {
  const groups = digits.length === 15 ? /^(.{4})(.{6})(.{5})$/ : /^(.{4})(.{4})(.{4})(.+)$/;
  const parts = groups.exec(digits)?.slice(1) ?? [digits];
  const texts = [digits, ...[' ', '-', '.'].map((separator) => parts.join(separator))];
  return texts.flatMap((text) => {
    const plain = Buffer.from(text, 'utf8');
    const little = Buffer.from(text, 'utf16le');
    return [plain, little, Buffer.from(little).swap16(), ...[plain, little].flatMap(base64Phases)];
  });
}

/** Every store, file of the folders and log line in which a number lies in any of its forms. */
export async function searchEverywhere(
  engine: Pick<TestEngine, 'stores' | 'logLines'>,
  folders: readonly string[],
  numbers: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const number of new Set(numbers)) {
    const forms = formsOfNumber(number);
    const hex = forms.map((form) => form.toString('hex'));
    found.push(...(await searchStores(engine, number, hex)));
    if (forms.some((form) => Buffer.from(engine.logLines()).includes(form))) found.push('the log');
    for (const folder of folders) {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      for (const entry of entries.filter((each) => each.isFile())) {
        const path = join(entry.parentPath, entry.name);
        const bytes = await readFile(path);
        if (forms.some((form) => bytes.includes(form))) found.push(path);
      }
    }
  }
  return found;
}

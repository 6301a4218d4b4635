/** 1 for each of some signs. */
export function tableOf(signs: string): Uint8Array {
  const table = new Uint8Array(0x10000);
  for (let at = 0; at < signs.length; at += 1) table[signs.charCodeAt(at)] = 1;
  return table;
}

/**
 * Whether so many signs of a table stand side by side. A run covers a place of every so many: most texts are seen not to hold one by looking
 * at few of their signs.
 */
export function holdsRun(text: string, table: Uint8Array, length: number): boolean {
  for (let place = length - 1; place < text.length;) {
    if (table[text.charCodeAt(place)] !== 1) {
      place += length;
      continue;
    }
    let from = place;
    while (from > 0 && place - from < length && table[text.charCodeAt(from - 1)] === 1) from -= 1;
    let end = place + 1;
    while (end < text.length && end - from < length && table[text.charCodeAt(end)] === 1) end += 1;
    if (end - from >= length) return true;
    place = end + length - 1;
  }
  return false;
}

export interface Cleaned {
  readonly text: string;
  /** How many details were taken out. */
  readonly removed: number;
}

const words: Readonly<Record<string, string>> = {
  person: '[name removed]',
  date: '[date removed]',
  phone: '[phone removed]',
  email: '[e-mail removed]',
  address: '[address removed]',
  postcode: '[postcode removed]',
  number: '[number removed]',
  link: '[link removed]',
};

/** What tells details from other words: large, and so apart from the page. Rejects where it cannot be had. */
export const loadWords = () => Promise.all([import('@cordon/phi-redaction'), import('@cordon/pan-scrubber')]);

/**
 * Takes out of a visitor's text what looks like somebody's details, before it leaves the browser. The server does the same again:
 * this is a courtesy that the writer sees, not the wall. Rejects where its words cannot be had: then nothing is sent.
 */
export async function removeDetails(text: string): Promise<Cleaned> {
  const [{ findIdentifiers }, { scrub }] = await loadWords();
  const { value, findings: cards } = scrub(text);
  const found = findIdentifiers(value);
  let cleaned = '';
  let at = 0;
  let before = '';
  for (const { start, end, kind } of found) {
    const between = value.slice(at, start);
    const stand = words[kind] ?? '[removed]';
    // A first and a last name are one thing to read over.
    if (at === 0 || between.trim() !== '' || stand !== before) cleaned += between + stand;
    before = stand;
    at = end;
  }
  return { text: cleaned + value.slice(at), removed: found.length + cards.length };
}

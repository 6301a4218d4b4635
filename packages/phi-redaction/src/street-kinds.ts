const ABBREVIATIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    st: 'street', str: 'street', rd: 'road', ln: 'lane', ave: 'avenue', av: 'avenue', blvd: 'boulevard', cres: 'crescent', gdns: 'gardens', gdn: 'gardens',
    dr: 'drive', ct: 'court', crt: 'court', pl: 'place', sq: 'square', ter: 'terrace', terr: 'terrace', cl: 'close', pkwy: 'parkway', hwy: 'highway', cir: 'circle', trl: 'trail', gr: 'grove', mt: 'mount',
  }),
); // prettier-ignore

/** The word that an abbreviation in an address stands for; any other word as it is. */
export function expandStreetKind(folded: string): string {
  return ABBREVIATIONS.get(folded) ?? folded;
}

/** What streets are, spelled out. Some are everyday words: behind a house's number and a name alone they count. */
export const STREET_KINDS: ReadonlySet<string> = new Set(
  'street road lane avenue boulevard crescent terrace gardens grove drive close way court place square hill park mews row walk parade highway parkway rise green view trail circle mount wharf quay yard'.split(
    ' ',
  ),
);

/** Of these a name with a capital before them is enough. */
export const SURE_STREET_KINDS: ReadonlySet<string> = new Set(
  'street road lane avenue boulevard crescent terrace mews grove parkway'.split(' '),
);

/** Kinds of streets, spelled out or not. */
export const STREET_WORDS: readonly string[] = [...ABBREVIATIONS.keys(), ...STREET_KINDS];

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/u));

export const MONTHS = set(`
january february march april may june july august september october november december
jan feb mar apr jun jul aug sep sept oct nov dec`);

export const ORDINALS = set(`
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
twentieth thirtieth`);

export const TENS = set('twenty thirty forty fourty fifty sixty seventy eighty ninety');

/** What years are said with besides the tens. */
export const ONES = set(
  'oh o one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen hundred',
);

/** A telephone number’s digits, one by one. */
export const DIGIT_WORDS = set('zero oh o nought naught one two three four five six seven eight nine');
export const TIMES_WORDS = set('double triple treble');

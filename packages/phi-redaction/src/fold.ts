/**
 * Letters of other alphabets as Latin ones, after the common transliterations of names (ISO 9 and BGN/PCGN for Cyrillic,
 * ISO 843 for Greek, simplified to what is left when accents are gone).
 */
const LATIN: Readonly<Record<string, string>> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  ґ: 'g',
  д: 'd',
  е: 'e',
  ё: 'yo',
  є: 'ye',
  ж: 'zh',
  з: 'z',
  и: 'i',
  і: 'i',
  ї: 'yi',
  й: 'y',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'shch',
  ъ: '',
  ы: 'y',
  ь: '',
  э: 'e',
  ю: 'yu',
  я: 'ya',
  α: 'a',
  β: 'v',
  γ: 'g',
  δ: 'd',
  ε: 'e',
  ζ: 'z',
  η: 'i',
  θ: 'th',
  ι: 'i',
  κ: 'k',
  λ: 'l',
  μ: 'm',
  ν: 'n',
  ξ: 'x',
  ο: 'o',
  π: 'p',
  ρ: 'r',
  σ: 's',
  ς: 's',
  τ: 't',
  υ: 'y',
  φ: 'f',
  χ: 'ch',
  ψ: 'ps',
  ω: 'o',
  ا: 'a',
  أ: 'a',
  إ: 'i',
  آ: 'a',
  ب: 'b',
  ت: 't',
  ث: 'th',
  ج: 'j',
  ح: 'h',
  خ: 'kh',
  د: 'd',
  ذ: 'dh',
  ر: 'r',
  ز: 'z',
  س: 's',
  ش: 'sh',
  ص: 's',
  ض: 'd',
  ط: 't',
  ظ: 'z',
  ع: 'a',
  غ: 'gh',
  ف: 'f',
  ق: 'q',
  ك: 'k',
  ل: 'l',
  م: 'm',
  ن: 'n',
  ه: 'h',
  و: 'w',
  ي: 'y',
  ى: 'a',
  ة: 'a',
  ئ: 'y',
  ؤ: 'w',
  ء: '',
  ß: 'ss',
  æ: 'ae',
  ø: 'o',
  œ: 'oe',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
};

/** Marks, and characters that take no room: a name with one inside is still the name. */
const UNSEEN = /[\p{M}\p{Cf}'’ʼ`´]/gu;

/** Letters that look like a Latin one, for words that mix alphabets: nobody writes so but to deceive. */
const ALIKE: Readonly<Record<string, string>> = {
  а: 'a', в: 'b', е: 'e', ё: 'e', і: 'i', ї: 'i', ј: 'j', к: 'k', м: 'm', н: 'h', о: 'o', р: 'p', с: 'c', т: 't', у: 'y', х: 'x', ѕ: 's', ԁ: 'd', һ: 'h', ԛ: 'q', ԝ: 'w', ɡ: 'g',
  α: 'a', ε: 'e', ι: 'i', κ: 'k', ν: 'v', ο: 'o', ρ: 'p', τ: 't', υ: 'u', χ: 'x', η: 'n', β: 'b', μ: 'm', ζ: 'z',
}; // prettier-ignore
/** Nothing to transliterate or leave out. */
const PLAIN = /^[A-Za-z0-9]*$/;

const LATIN_LETTER = /\p{Script=Latin}/u;
const ALIKE_LETTER = /[\p{Script=Cyrillic}\p{Script=Greek}]/u;

/** One form for all spellings of a word: lower case, Latin letters, without accents, apostrophes and invisible characters. */
export function fold(word: string): string {
  if (PLAIN.test(word)) return word.toLowerCase();
  if (ALIKE_LETTER.test(word) && LATIN_LETTER.test(word)) return foldAlike(word);
  const plain = takeMarks(word).toLowerCase();
  let folded = '';
  for (const letter of plain) folded += LATIN[letter] ?? letter;
  return folded;
}

/** Before as well: to put thousands of marks on one letter into their order takes the square of them. */
function takeMarks(word: string): string {
  return word.replace(UNSEEN, '').normalize('NFKD').replace(UNSEEN, '');
}

function foldAlike(word: string): string {
  const plain = takeMarks(word).toLowerCase();
  return Array.from(plain, (letter) => ALIKE[letter] ?? LATIN[letter] ?? letter).join('');
}

/** Whether a word has letters of another alphabet than Latin: vowels are then a matter of taste. */
export function isOtherAlphabet(word: string): boolean {
  return /[^\P{L}\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u.test(word);
}

/** What is left of a folded name in every transliteration: its consonants, alike ones written alike. */
export function toSkeleton(folded: string): string {
  return folded
    .replace(/sch|sh|ch|zh/g, 'c')
    .replace(/kh|gh|ck|[kq]/g, 'k')
    .replace(/ph/g, 'f')
    .replace(/th/g, 't')
    .replace(/[wv]/g, 'v')
    .replace(/x/g, 'ks')
    .replace(/z/g, 's')
    .replace(/j/g, 'c')
    .replace(/[aeiouyh]/g, '')
    .replace(/(.)\1+/g, '$1');
}

import type { IntakeFieldName } from './form-fields.ts';

/** `elsewhere` marks labels whose values are not ours: they end the field before them. */
export type LabelMeaning = IntakeFieldName | 'elsewhere';

const wordings: Readonly<Record<LabelMeaning, readonly string[]>> = {
  fullName: ['full name', 'name', 'patient name', 'patients name', 'name of patient', 'your name', 'your full name'],
  dateOfBirth: ['date of birth', 'dob', 'birth date', 'your date of birth'],
  address: ['address', 'home address', 'postal address', 'your address', 'full address'],
  postcode: ['postcode', 'post code', 'postal code'],
  phone: ['phone', 'phone number', 'telephone', 'telephone number', 'tel', 'tel no', 'mobile', 'mobile number', 'mobile phone', 'contact number', 'daytime phone'],
  email: ['email', 'e mail', 'email address'],
  nhsNumber: ['nhs number', 'nhs no'],
  emergencyContact: ['emergency contact', 'next of kin', 'in case of emergency', 'emergency contact details'],
  allergies: ['allergies', 'known allergies', 'allergies if any', 'any allergies'],
  medication: ['medication', 'medications', 'current medication', 'medicines', 'current medicines'],
  medicalHistory: ['medical history', 'past medical history', 'medical conditions', 'health conditions'],
  reasonForVisit: ['reason for visit', 'reason for your visit', 'reason for appointment', 'reason for attending'],
  notes: ['notes', 'other notes', 'additional notes', 'further notes', 'comments'],
  elsewhere: ['signature', 'signed', 'patient signature', 'date', 'date signed', 'todays date', 'for office use', 'for office use only', 'office use only', 'practice use only', 'occupation', 'gp name', 'gp practice', 'title', 'payment', 'payment details', 'card number'],
}; // prettier-ignore

interface Wording {
  readonly meaning: LabelMeaning;
  readonly words: number;
  readonly letters: string;
}

const known: readonly Wording[] = (Object.entries(wordings) as [LabelMeaning, string[]][]).flatMap(
  ([meaning, texts]) =>
    texts.map((text) => ({ meaning, words: text.split(' ').length, letters: text.replaceAll(' ', '') })),
);

/** Words that may belong to one label; one more than it has, since OCR may part a word. */
export const longestLabel = Math.max(...known.map(({ words }) => words)) + 1;

/** A label's last word carries its colon. */
export const endsLabel = (word: string): boolean => /[:;]$/.test(word);

const lettersOf = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Slips allowed in a label: none up to three letters, one up to six, then one for every four. */
const slipsAllowed = (length: number): number => (length <= 3 ? 0 : length <= 6 ? 1 : Math.floor(length / 4));

export interface FoundLabel {
  readonly meaning: LabelMeaning;
  /** How many of the words belong to the label. */
  readonly words: number;
}

/**
 * The label that these words begin with, tolerant of OCR slips, or null. One word alone counts when nothing follows it
 * or when it ends with a colon, so that "Name of the drug …" inside a value begins no field; the closest wording wins,
 * and of two as close the longer.
 */
export function findLabel(words: readonly string[]): FoundLabel | null {
  let best: (FoundLabel & { slips: number; length: number }) | null = null;
  for (let count = 1; count <= Math.min(longestLabel, words.length); count += 1) {
    const taken = words.slice(0, count);
    const closed = count === words.length || endsLabel(taken.at(-1) ?? '');
    const letters = lettersOf(taken.join(''));
    if (letters === '') continue;
    for (const wording of known) {
      if (wording.words === 1 && !closed) continue;
      const allowed = slipsAllowed(wording.letters.length);
      if (Math.abs(wording.letters.length - letters.length) > allowed) continue;
      const slips = editDistance(letters, wording.letters);
      if (slips > allowed) continue;
      const length = wording.letters.length;
      if (
        !best ||
        length - slips > best.length - best.slips ||
        (length - slips === best.length - best.slips && slips < best.slips)
      ) {
        best = { meaning: wording.meaning, words: count, slips, length };
      }
    }
  }
  return best && { meaning: best.meaning, words: best.words };
}

/** Levenshtein's distance. Both texts are label-sized. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const change = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

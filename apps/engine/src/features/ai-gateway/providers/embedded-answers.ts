/** What the offline assistant says: rules over the words of people, which it was given without who they are. */

const TOPICS: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:pain|hurts?|swelling|swollen|bleed\w*|emergency|urgent|broken|knocked)\b/iu,
    'Pain, swelling or an injury should be looked at soon. Please ring the clinic, or your country’s emergency number if breathing or swallowing is hard or bleeding does not stop. Please write no health details here.',
  ],
  [
    /\b(?:open\w*|hours|close\w*|weekend|saturday|sunday)\b/iu,
    'Opening times are on the clinic’s page, and the desk can tell you of evenings and weekends.',
  ],
  [
    /\b(?:price\w*|cost\w*|fee\w*|pay\w*|insur\w*|nhs)\b/iu,
    'What a treatment costs depends on what is needed; the clinic gives you a written estimate before anything is begun, and says which plans and insurances it takes.',
  ],
  [
    /\b(?:book\w*|appointment\w*|cancel\w*|change|register\w*|new patient)\b/iu,
    'You can ask for an appointment with the enquiry form on this page or by telephone; patients who are registered can use the portal.',
  ],
  [
    /\b(?:where|address|park\w*|find you|directions|wheelchair|access\w*)\b/iu,
    'The clinic’s page shows where it is, how to get there and how to get in with a wheelchair or a pram.',
  ],
  [
    /\b(?:whiten\w*|implant\w*|brace\w*|aligner\w*|crown\w*|check-?up\w*|hygien\w*|child\w*)\b/iu,
    'A dentist first looks at what is possible and sensible for you. Ask for a check-up, and say what you are interested in.',
  ],
];
const UNKNOWN =
  'I can say something about appointments, opening times, costs, finding the clinic and kinds of treatment. For anything else, please contact the clinic.';

export function answerVisitor(texts: readonly string[]): string {
  const last = texts.at(-1) ?? '';
  return TOPICS.find(([words]) => words.test(last))?.[1] ?? UNKNOWN;
}

/** What a clinic needs to know, the words that show that it was said, and the question for it. */
const QUESTIONS: readonly (readonly [name: string, said: RegExp, question: string])[] = [
  ['where', /\b(?:tooth|teeth|molar\w*|gum\w*|jaw|tongue|lip\w*|cheek|mouth|upper|lower|left|right|front|back)\b/iu, 'Where in your mouth is the trouble?'],
  ['since when', /\b(?:since|yesterday|today|last night|hours?|days?|weeks?|months?|ago|morning|started|date-\w{8})\b/iu, 'Since when have you had it?'],
  ['how strong', /\b(?:10|[0-9] ?(?:out of|\/)|mild\w*|moderate\w*|severe\w*|strong\w*|unbearable|bad|slight\w*|worse|worst|a bit|can ?not sleep|awake)\b/iu, 'How strong is it, from 0 (nothing) to 10 (unbearable)?'],
  ['swelling', /\b(?:swell\w*|swollen|lump|puff\w*)\b/iu, 'Is anything swollen: gum, cheek, eye or neck?'],
  ['fever', /\b(?:fever\w*|temperature|hot|chill\w*|shiver\w*)\b/iu, 'Do you have a fever?'],
  ['bleeding', /\b(?:bleed\w*|blood\w*)\b/iu, 'Does anything bleed?'],
  ['medicines', /\b(?:medicin\w*|medication\w*|tablets?|pills?|paracetamol|ibuprofen|antibiotic\w*|aspirin|warfarin|nothing|none|not taking)\b/iu, 'Which medicines do you take, also for other things?'],
]; // prettier-ignore

/** One question at a time, until all is said. */
export function askPatient(texts: readonly string[]): string {
  const said = texts.join('\n');
  const next = QUESTIONS.find(([, words]) => !words.test(said));
  if (next !== undefined) return `Thank you. ${next[2]}`;
  return 'Thank you, that is what the clinic needs to know. Ask to be handed over to a person there, or ring them; if breathing or swallowing becomes hard or bleeding does not stop, call the emergency number.';
}

/** The fields of a record as a list: a summary that adds nothing. */
export function listRecord(texts: readonly string[]): string {
  const lines = texts
    .join('\n')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, path = '', value = line] = /^([A-Za-z0-9.]{1,200}): (.*)$/u.exec(line) ?? [];
      const name = path.split('.').at(-1) ?? '';
      const words = name.replace(/(?<=[a-z])(?=[A-Z])/gu, ' ').toLowerCase();
      return words === '' ? `- ${value}` : `- ${words}: ${value}`;
    });
  return lines.length === 0 ? 'The record has nothing to summarise yet.' : lines.join('\n');
}

import { GREETINGS, NAME_LABELS, RELATIONS, ROLES, TITLES } from './people-context.ts';
import type { Token } from './tokens.ts';

/** How much the words before a word say that it is a name. */
export const CONTEXT = {
  none: 0,
  /** A name or a word: “I’m Amira”, “I’m better”. */
  likely: 1,
  /** A name, if it is no ordinary word: “dear amira”, “called amira”. */
  strong: 2,
  /** A name, whatever the word: “Mrs Frost”. */
  title: 3,
  /** A field of a form that holds nothing else: “Surname: Frost”. */
  field: 4,
} as const;
export type ContextStrength = (typeof CONTEXT)[keyof typeof CONTEXT];

const FIELDS = new Set([
  'name',
  'surname',
  'forename',
  'forenames',
  'fullname',
  'firstname',
  'lastname',
  'first',
  'last',
  'maiden',
]);
const TALKED = new Set([
  'spoke',
  'speak',
  'speaking',
  'spoken',
  'talk',
  'talked',
  'talking',
  'ask',
  'asked',
  'asking',
  'seen',
  'referred',
  'reviewed',
  'treated',
  'booked',
  'signed',
  'written',
  'accompanied',
  'message',
  'appointment',
  'here',
]);
const TOWARDS = new Set(['to', 'with', 'by', 'for', 'from']);
const PRESENTED = new Set(['name', 'this', 'it', 'names', 'who', 'surname']);
const FAREWELLS = new Set(['regards', 'thanks', 'thx', 'cheers', 'love', 'sincerely', 'faithfully', 'truly', 'wishes', 'respectfully', 'signed']); // prettier-ignore

/** What stands before a word says of it; asks no more than the three words before. */
export function readContext(tokens: readonly Token[], at: number): ContextStrength {
  const word = tokens[at];
  const before = tokens[at - 1];
  if (word === undefined || before === undefined) return CONTEXT.none;
  const { joint } = word;
  const { folded } = before;
  if (TITLES.has(folded) && (joint === 'space' || joint === 'dot' || joint === 'initial')) return CONTEXT.title;
  if (joint === 'line')
    return FAREWELLS.has(folded) || folded === 'dear' ? CONTEXT.strong : CONTEXT.none;
  const label = folded === 's' ? tokens[at - 2]?.folded : folded;
  if (label !== undefined && FIELDS.has(label) && joint === 'stop') return CONTEXT.field;
  if (NAME_LABELS.has(folded)) {
    if (joint === 'stop' || joint === 'open' || before.genitive) return CONTEXT.strong;
    return joint === 'space' ? CONTEXT.likely : CONTEXT.none;
  }
  if (joint === 'dot') return folded === 'pt' || folded === 'attn' ? CONTEXT.strong : CONTEXT.none;
  if (GREETINGS.has(folded)) return folded === 'from' || folded === 're' ? CONTEXT.likely : CONTEXT.strong;
  if (RELATIONS.has(folded) || ROLES.has(folded)) return CONTEXT.likely;
  if (joint !== 'space') return CONTEXT.none;
  const second = tokens[at - 2];
  if (folded === 'is' || folded === 'was')
    return second !== undefined && PRESENTED.has(second.folded)
      ? second.folded.includes('name')
        ? CONTEXT.strong
        : CONTEXT.likely
      : second !== undefined && RELATIONS.has(second.folded) ? CONTEXT.likely : CONTEXT.none;
  if (folded === 'im' || folded === 'its' || (folded === 'it' && before.genitive)) return CONTEXT.likely;
  if (folded === 'am' && second?.folded === 'i') return CONTEXT.likely;
  return TOWARDS.has(folded) && second !== undefined && TALKED.has(second.folded)
    ? CONTEXT.likely
    : CONTEXT.none;
} // prettier-ignore

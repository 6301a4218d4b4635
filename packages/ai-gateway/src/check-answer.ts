import { scrub } from '@cordon/pan-scrubber';
import { findIdentifiers, type KnownIdentifiers } from '@cordon/phi-redaction';
import { AiGatewayError } from './error.ts';

/**
 * Looks at what a provider wrote, before pseudonyms are turned back.
 * @returns the answer, its card numbers taken out
 * @throws {AiGatewayError} `ai-answer-refused`: longer than ten times what may be asked, or with a contact, number or name that this
 * conversation never gave it
 */
export type CheckAnswer = (answer: string) => string;

const ANSWER_FACTOR = 10;
/** A model may know the day and public links; these it can only have from somebody else's conversation or have made up. */
const FOREIGN_KINDS = new Set(['phone', 'email', 'number', 'postcode', 'address']);

export function checkAnswer(known: KnownIdentifiers, maxCharacters: number): CheckAnswer {
  return (answer) => {
    if (answer.length > maxCharacters * ANSWER_FACTOR)
      throw new AiGatewayError('ai-answer-refused', 'too long');
    const { value } = scrub(answer);
    const foreign = findIdentifiers(value, known).find(
      ({ kind, source }) => source === 'record' || FOREIGN_KINDS.has(kind),
    );
    if (foreign !== undefined) throw new AiGatewayError('ai-answer-refused', foreign.kind);
    return value;
  };
}

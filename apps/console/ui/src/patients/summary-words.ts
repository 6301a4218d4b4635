import type { Tone } from '../parts/tag.tsx';

export interface Summary {
  readonly text: string;
  readonly offline: boolean;
  readonly sources: readonly { readonly fields: readonly string[] }[];
}

const SOURCES: Readonly<Record<string, string>> = {
  'clinicalRecord.problemList': 'problems',
  'clinicalRecord.relevantHistory': 'relevant history',
  'clinicalRecord.treatmentSummary': 'treatment',
};

/** "problems and treatment": what a summary was made from. */
export function saySources({ sources }: Summary): string {
  const named = [...new Set(sources.flatMap(({ fields }) => fields))].map((field) => SOURCES[field] ?? field);
  return new Intl.ListFormat('en-GB').format(named);
}

/** What a summary is worth. */
export const sayStanding = (confirmedAt: string | null): { readonly tone: Tone; readonly words: string } =>
  confirmedAt === null
    ? { tone: 'warning', words: 'Generated, not confirmed' }
    : { tone: 'good', words: `Generated, confirmed by you at ${confirmedAt}` };

import { z } from 'zod';

const speakers = ['patient', 'visitor', 'staff', 'assistant'] as const;

/** As it is answered. */
export const turnSchema = z.object({ speaker: z.enum(speakers), at: z.string(), text: z.string() });

/** What one of them said. */
export interface Turn {
  readonly speaker: (typeof speakers)[number];
  /** ISO 8601. */
  readonly at: string;
  readonly text: string;
}

/** Of a whole conversation, as the record of it takes it; beyond it the oldest turns go. */
const mostCharacters = 40_000;
const beginning = /^\[(\S{20,30})\] (patient|visitor|staff|assistant): (.*)$/u;

/** An answer that nobody waited for to its end: the page that takes the conversation up again offers to ask once more. */
export const markCut = (text: string): string => (text === '' ? '' : `${text.trimEnd()} […]`);

/** For people to read as it stands: a line a turn, what goes on in further lines is set in. */
export function writeTurns(turns: readonly Turn[]): string {
  const lines = turns.map(({ at, speaker, text }) => `[${at}] ${speaker}: ${text.replaceAll('\n', '\n  ')}`);
  let from = 0;
  let length = lines.reduce((sum, line) => sum + line.length + 1, 0);
  while (length > mostCharacters && from < lines.length) {
    length -= (lines[from]?.length ?? 0) + 1;
    from += 1;
  }
  return lines.slice(from).join('\n');
}

/** What `writeTurns` wrote; of anything else what has its form. */
export function readTurns(text: string): Turn[] {
  const turns: Turn[] = [];
  for (const line of text.split('\n')) {
    const [, at, speaker, words] = beginning.exec(line) ?? [];
    const last = turns.at(-1);
    if (at !== undefined && words !== undefined) turns.push({ at, speaker: speaker as Turn['speaker'], text: words });
    else if (last !== undefined) turns[turns.length - 1] = { ...last, text: `${last.text}\n${line.replace(/^ {2}/u, '')}` };
  }
  return turns;
} // prettier-ignore

import { z } from 'zod';
import { IntakeReadingError, type FieldReason } from './errors.ts';
import { limits } from './limits.ts';
import type { OcrPage } from './ocr-engine.ts';

const coordinate = z.number().min(-limits.ocrCoordinate).max(limits.ocrCoordinate);
const position = z
  .number()
  .int()
  .min(0)
  .max(limits.wordsPerPage - 1);

/** What an engine may answer. An engine is a library or a service of somebody else's: nothing it says is believed. */
const ocrPage = z.strictObject({
  words: z
    .array(
      z.strictObject({
        text: z.string().max(limits.wordCharacters),
        confidence: z.number().min(0).max(100),
        box: z.strictObject({ left: coordinate, top: coordinate, right: coordinate, bottom: coordinate }),
      }),
    )
    .max(limits.wordsPerPage),
  lines: z.array(z.array(position).max(limits.wordsPerPage)).max(limits.wordsPerPage),
  text: z.string().max(limits.pageCharacters),
  rotationRadians: z.number().min(-Math.PI).max(Math.PI),
  scale: z.number().positive().max(16),
});

/** @throws IntakeReadingError `intake-engine-answer-malformed`, naming the part at fault and none of its content */
export function checkOcrPage(answer: unknown): OcrPage {
  const read = ocrPage.safeParse(answer);
  if (!read.success)
    throw new IntakeReadingError('intake-engine-answer-malformed', {
      fields: read.error.issues
        .slice(0, 20)
        .map((issue) => ({ field: pathOf(issue), reason: reasonOf(issue) })),
    });
  const page = read.data;
  if (page.lines.some((line) => line.some((index) => index >= page.words.length)))
    throw new IntakeReadingError('intake-engine-answer-malformed', {
      fields: [{ field: 'lines', reason: 'malformed' }],
    });
  return page;
}

/** `words.3.text`: the schema's own names and positions only. */
const pathOf = (issue: z.core.$ZodIssue): string =>
  issue.path.length === 0 ? 'page' : issue.path.map(String).join('.');

function reasonOf(issue: z.core.$ZodIssue): FieldReason {
  if (issue.code === 'too_big') return 'too-long';
  if (issue.code === 'unrecognized_keys') return 'unknown-field';
  return issue.code === 'invalid_type' ? 'wrong-type' : 'malformed';
}

import { z } from 'zod';
import { IntakeReadingError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Box, OcrPage, OcrWord } from '../ocr-engine.ts';
import { readStrictJson } from '../strict-json.ts';

// Document AI reference, REST v1, "Document": int64 values come as texts, a start of 0 and a coordinate of 0 are left out.
const index = z.union([z.string().regex(/^\d{1,9}$/), z.number().int().nonnegative()]).transform(Number);
const layout = z.object({
  textAnchor: z
    .object({
      textSegments: z
        .array(z.object({ startIndex: index.default(0), endIndex: index }))
        .max(20)
        .default([]),
    })
    .default({ textSegments: [] }),
  confidence: z.number().min(0).max(1).default(0),
  boundingPoly: z.object({
    vertices: z.array(z.object({ x: z.number().default(0), y: z.number().default(0) })).min(3).max(20),
  }),
}); // prettier-ignore
const element = z.object({ layout });
const answer = z.object({
  document: z.object({
    text: z.string().max(limits.pageCharacters).default(''),
    pages: z
      .array(
        z.object({
          tokens: z.array(element).max(limits.wordsPerPage).default([]),
          lines: z.array(element).max(limits.wordsPerPage).default([]),
        }),
      )
      .max(1)
      .default([]),
  }),
});
type Layout = z.output<typeof layout>;

/** @throws IntakeReadingError `intake-engine-answer-malformed`, naming the part at fault */
export function readAnswer(text: string, scale: number): OcrPage {
  const json = readStrictJson(text, { maxCharacters: limits.engineAnswerCharacters, maxDepth: 20 });
  if (!json.ok) throw malformed(json.field === '' ? 'document' : json.field, json.fault);
  const read = answer.safeParse(json.value);
  if (!read.success) {
    const [issue] = read.error.issues;
    const field = issue?.path.map(String).join('.') ?? 'document';
    throw malformed(field, issue?.code === 'too_big' ? 'too-long' : 'wrong-type');
  }
  return toPage(read.data.document, scale);
}

function malformed(
  field: string,
  reason: 'malformed' | 'wrong-type' | 'too-long' | 'too-deep' | 'duplicate-key' | 'forbidden-key',
) {
  return new IntakeReadingError('intake-engine-answer-malformed', { fields: [{ field, reason }] });
}

function toPage(document: z.output<typeof answer>['document'], scale: number): OcrPage {
  // Anchors count characters of Unicode, not UTF-16 units.
  const characters = Array.from(document.text);
  const textOf = ({ textAnchor }: Layout): string =>
    textAnchor.textSegments
      .map(({ startIndex, endIndex }) => characters.slice(startIndex, endIndex).join(''))
      .join('')
      .trim();
  const startOf = ({ textAnchor }: Layout): number => textAnchor.textSegments[0]?.startIndex ?? 0;
  const [page] = document.pages;
  const tokens = page?.tokens ?? [];
  const words: OcrWord[] = tokens.map((token) => ({
    text: textOf(token.layout),
    confidence: token.layout.confidence * 100,
    box: boxOf(token.layout),
  }));
  const starts = tokens.map((token) => startOf(token.layout));
  const lines = (page?.lines ?? []).map((line) => {
    const segments = line.layout.textAnchor.textSegments;
    return starts.flatMap((start, at) =>
      segments.some(({ startIndex, endIndex }) => start >= startIndex && start < endIndex) ? [at] : [],
    );
  });
  const inLines = new Set(lines.flat());
  const loose = words.flatMap((_, at) => (inLines.has(at) ? [] : [[at]]));
  return { words, lines: [...lines, ...loose], text: document.text, rotationRadians: 0, scale };
}

function boxOf({ boundingPoly: { vertices } }: Layout): Box {
  const xs = vertices.map(({ x }) => x);
  const ys = vertices.map(({ y }) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

import { z } from 'zod';
import { isKnownYear } from '../server/page-cursor.ts';

/** Control, format and surrogate characters: NUL, escapes, right-to-left overrides, halves of characters. */
const oneLine = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u;
/** The same, with line breaks and tabs. */
const manyLines = /^(?:[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|[\n\t])*$/u;

/** One line of text. Lengths count UTF-16 units, as JSON clients do. */
export const lineOfText = (most: number) => z.string().max(most).trim().min(1).regex(oneLine);

/** Free text over several lines. */
export const freeText = (most: number) =>
  z
    .string()
    .max(most)
    .transform((text) => text.replaceAll('\r\n', '\n').trim())
    .pipe(z.string().min(1).regex(manyLines));

/** A point in time with its offset (RFC 3339), in the years that a clinic can mean. */
export const pointInTime = z.iso
  .datetime({ offset: true })
  .max(40)
  .refine(isKnownYear)
  .refine((text) => {
    const year = new Date(text).getUTCFullYear();
    return year >= 1900 && year <= 2200;
  })
  .transform((text) => new Date(text).toISOString());

/** An amount in pence. A million pounds is more than any treatment costs, and less than any overflow. */
export const pence = z.number().int().min(0).max(100_000_000);

export const lowerId = z.uuid().transform((id) => id.toLowerCase());

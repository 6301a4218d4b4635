/** Turns a sheet into marks on pages: one layout for pictures and PDFs. Units are points (1/72 inch). */
import type { FormEntry, FormSheet } from './form-case.ts';

export const pageSize = { width: 420, height: 595 } as const; // A5

export type Typeface = 'print' | 'print-bold' | 'hand';

export type Mark =
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly baseline: number;
      readonly size: number;
      readonly typeface: Typeface;
      readonly text: string;
      /** Turned by a quarter to the left, about its beginning. */
      readonly climbs?: true;
    }
  | {
      readonly kind: 'box';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    }
  | { readonly kind: 'dots'; readonly x: number; readonly y: number; readonly width: number };

const left = 30;
const right = pageSize.width - 30;
const valueColumn = 150;
const lineHeight = 15;
const gap = 11;

export function layOutSheet(sheet: FormSheet): Mark[][] {
  const pages: Mark[][] = [];
  let page: Mark[] = [];
  let y = 0;
  const startPage = (): void => {
    page = [text(left, 40, 14, 'print-bold', sheet.practice), text(left, 58, 11, 'print', sheet.heading)];
    pages.push(page);
    y = 78;
  };
  startPage();
  for (let index = 0; index < sheet.entries.length; index += 1) {
    const entry = sheet.entries[index];
    if (!entry) continue;
    if (entry.newPage) startPage();
    if (sheet.layout !== 'stacked') {
      page.push(...besideLabel(sheet, entry, y));
      y += entryHeight(entry) + gap;
      continue;
    }
    const partner = entry.half ? sheet.entries[index + 1] : undefined;
    const middle = (left + right) / 2;
    page.push(...underLabel(sheet, entry, y, left, partner ? middle - 6 : right));
    if (partner) {
      page.push(...underLabel(sheet, partner, y, middle + 6, right));
      index += 1;
    }
    y += 16 + Math.max(entryHeight(entry), partner ? entryHeight(partner) : 0) + gap;
  }
  if (sheet.margin !== undefined) page.push(text(left, pageSize.height - 22, 11, 'print', sheet.margin));
  if (sheet.sideMargin !== undefined)
    page.push({ ...text(20, pageSize.height - 120, 11, 'print', sheet.sideMargin), climbs: true });
  return pages;
}

const text = (
  x: number,
  baseline: number,
  size: number,
  typeface: Typeface,
  value: string,
): Mark & { readonly kind: 'text' } => ({
  kind: 'text',
  x,
  baseline,
  size,
  typeface,
  text: value,
});

const entryHeight = (entry: FormEntry): number => Math.max(1, entry.written.length) * lineHeight + 4;

const writing = (sheet: FormSheet, entry: FormEntry, x: number, y: number): Mark[] =>
  entry.written.map((line, row) =>
    text(
      x,
      y + 13 + row * lineHeight,
      sheet.handwritten ? 17 : 11,
      sheet.handwritten ? 'hand' : 'print',
      line,
    ),
  );

function besideLabel(sheet: FormSheet, entry: FormEntry, y: number): Mark[] {
  const marks: Mark[] = [text(left, y + 13, 10, 'print-bold', `${entry.label}:`)];
  if (sheet.layout === 'boxed') {
    marks.push({
      kind: 'box',
      x: valueColumn - 6,
      y,
      width: right - valueColumn + 6,
      height: entryHeight(entry),
    });
  } else {
    for (let row = 0; row < Math.max(1, entry.written.length); row += 1) {
      marks.push({ kind: 'dots', x: valueColumn, y: y + 17 + row * lineHeight, width: right - valueColumn });
    }
  }
  return [...marks, ...writing(sheet, entry, valueColumn, y)];
}

function underLabel(sheet: FormSheet, entry: FormEntry, y: number, from: number, to: number): Mark[] {
  return [
    text(from, y + 11, 10, 'print-bold', entry.label),
    { kind: 'box', x: from, y: y + 16, width: to - from, height: entryHeight(entry) },
    ...writing(sheet, entry, from + 6, y + 16),
  ];
}

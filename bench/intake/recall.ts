/**
 * How many card numbers on paper the reader notices, by what a scanner or a camera did to the page, beside what the plain
 * rule `\b(?:\d[ -]?){13,16}\b` with Luhn finds in the same words of the same OCR. What no OCR reads is noticed by
 * neither: no digit of it comes out, and on a kept picture it is blacked out.
 */
import sharp, { type Sharp } from 'sharp';
import {
  createFormReader,
  createTesseractEngine,
  type OcrEngine,
} from '../../apps/engine/src/features/intake/reading/index.ts';
import { formCases, type FormCase } from '../../testing/forms/cases.ts';
import { drawSheet } from '../../testing/forms/draw-sheet.ts';
import type { BenchRow } from '../row.ts';

type Distortion = (picture: Sharp) => Sharp | Promise<Sharp>;
const white = { background: '#ffffff' };

const distortions: Readonly<Record<string, Distortion>> = {
  'as scanned': (picture) => picture,
  'skewed 1.5°': (picture) => picture.rotate(1.5, white),
  'skewed −3°': (picture) => picture.rotate(-3, white),
  'on its side (90°)': (picture) => picture.rotate(90),
  'upside down (180°)': (picture) => picture.rotate(180),
  'low contrast': (picture) => picture.linear(0.35, 140),
  'very low contrast': (picture) => picture.linear(0.15, 190),
  '150 dpi': (picture) => picture.resize({ width: 877 }),
  'blurred': (picture) => picture.blur(1.2),
  'grain': (picture) => withNoise(picture, 28),
  'photographed (shadow, skew, grain, JPEG)': photographed,
  'hand-written-like type': (picture) => picture,
}; // prettier-ignore

async function withNoise(picture: Sharp, sigma: number): Promise<Sharp> {
  const { data, info } = await picture.greyscale().raw().toBuffer({ resolveWithObject: true });
  let state = 7;
  const noise = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ((state >>> 16) / 65_535 - 0.5) * 2 * sigma;
  };
  for (let index = 0; index < data.length; index += 1)
    data[index] = Math.max(0, Math.min(255, (data[index] ?? 0) - sigma + noise()));
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 1 } });
}

async function photographed(picture: Sharp): Promise<Sharp> {
  const grainy = await withNoise(sharp(await picture.rotate(2, white).blur(0.8).png().toBuffer()), 16);
  const { data, info } = await grainy.raw().toBuffer({ resolveWithObject: true });
  // The light falls off towards one corner.
  for (let index = 0; index < data.length; index += info.channels) {
    const x = ((index / info.channels) % info.width) / info.width;
    data.fill(Math.round((data[index] ?? 0) * (1 - 0.35 * x)), index, index + info.channels);
  }
  const { width, height, channels } = info;
  return sharp(await sharp(data, { raw: { width, height, channels } }).jpeg({ quality: 60 }).toBuffer());
}

/** Forms of one page with one number that OCR can read as it was scanned. */
const bases: readonly FormCase[] = formCases
  .filter(({ expected, pages, plantedNumbers, sheet }) => {
    const seen = expected.outcome !== 'clean' || expected.seen > 0;
    return pages === 1 && plantedNumbers.length === 1 && seen && sheet.handwritten === undefined;
  })
  .slice(0, 18);

function passesLuhn(digits: string): boolean {
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, index) => {
      const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return sum % 10 === 0;
}

// eslint-disable-next-line security/detect-unsafe-regex -- the very rule that is measured; the texts are pages of our own
const plainRule = /\b(?:\d[ -]?){13,16}\b/g;
const plainRuleFinds = (text: string): boolean =>
  Array.from(text.matchAll(plainRule), ([match]) => match.replace(/\D/g, '')).some(passesLuhn);

interface Tally {
  noticed: number;
  plain: number;
  survived: number;
  total: number;
}

/** @param options quick: one form in six in place of all */
export async function measureRecall(options: { readonly quick?: boolean } = {}): Promise<BenchRow[]> {
  const tesseract = createTesseractEngine({ workers: 2 });
  const forms = options.quick === true ? bases.filter((_, index) => index % 6 === 0) : bases;
  const tallies = new Map<string, Tally>();
  try {
    for (const [name, distort] of Object.entries(distortions)) {
      const tally: Tally = { noticed: 0, plain: 0, survived: 0, total: 0 };
      tallies.set(name, tally);
      for (let at = 0; at < forms.length; at += 2)
        await Promise.all(
          forms.slice(at, at + 2).map((form) => readVariant(tesseract, form, name, distort, tally)),
        );
    }
  } finally {
    await tesseract.close();
  }
  const survivors = [...tallies.values()].reduce((sum, { survived }) => sum + survived, 0);
  if (survivors > 0) throw new Error(`${survivors} numbers survived whole in what the reader gave out.`);
  return [...tallies].map(([name, { noticed, plain, total }]) => ({
    name: `card numbers noticed, ${name}`,
    value: (100 * noticed) / total,
    unit: `% of ${total}`,
    baseline: `the plain rule on the same OCR: ${plain} of ${total}`,
    ratio: noticed / Math.max(1, plain),
  }));
}

async function readVariant(
  tesseract: OcrEngine,
  form: FormCase,
  name: string,
  distort: Distortion,
  tally: Tally,
): Promise<void> {
  const sheet =
    name === 'hand-written-like type' ? { ...form.sheet, handwritten: true as const } : form.sheet;
  const { capture: _capture, ...flat } = sheet;
  const picture = await distort(sharp(await drawSheet(flat, 'image/png')).greyscale());
  let text = '';
  const reader = createFormReader({
    ocrEngine: {
      async readPage(image, signal, manner) {
        const page = await tesseract.readPage(image, signal, manner);
        text += page.text;
        return page;
      },
      close: () => Promise.resolve(),
    },
  });
  const outcome = await reader.read(await picture.png().toBuffer()).catch((error: unknown) => error);
  const { cardNumbersRemoved = 0 } = outcome as { cardNumbersRemoved?: number };
  const said = JSON.stringify(outcome).replace(/\D/g, '');
  tally.total += 1;
  if (cardNumbersRemoved > 0) tally.noticed += 1;
  if (plainRuleFinds(text)) tally.plain += 1;
  if (form.plantedNumbers.some((number) => said.includes(number))) tally.survived += 1;
}

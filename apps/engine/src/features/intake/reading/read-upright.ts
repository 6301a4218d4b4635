import { checkOcrPage } from './check-ocr-page.ts';
import type { OcrEngine, OcrPage } from './ocr-engine.ts';
import { wipe, type PageImage } from './page-image.ts';
import { turnQuarters, type Quarters } from './turn-quarters.ts';

/**
 * Mean confidence of a page the right way up is 85 and more, of one on its side or upside down below 55, on every form of
 * the bench.
 */
const sureConfidence = 70;
/** Upside down, lines are taken for lines and read as rubbish; on its side, hardly any word is seen. */
const wordsOfLines = 25;
/** A word that stands for a page that can be read. */
const isSureWord = ({ text, confidence }: OcrPage['words'][number]): boolean =>
  confidence >= 80 && /\p{L}{3}/u.test(text);

export interface UprightReading {
  readonly page: OcrPage;
  /** By how much the page was turned clockwise before it could be read. */
  readonly quarters: Quarters;
}

/**
 * Reads a page whichever way up it was scanned. A page that reads well is read once; others are turned by quarters until
 * one reading is sure, and the best of them counts. The image is left as it is.
 * @throws IntakeReadingError as the engine does
 */
export async function readUpright(
  engine: OcrEngine,
  image: PageImage,
  signal: AbortSignal,
): Promise<UprightReading> {
  const read = async (quarters: Quarters): Promise<UprightReading> => {
    const turned = turnQuarters(image, quarters);
    try {
      return { page: checkOcrPage(await engine.readPage(turned, signal)), quarters };
    } finally {
      wipe(turned.pixels);
    }
  };
  let best = await read(0);
  if (best.page.words.length === 0 || isSure(best.page)) return best;
  const order: readonly Quarters[] = best.page.words.length >= wordsOfLines ? [2, 1, 3] : [1, 3, 2];
  for (const quarters of order) {
    const next = await read(quarters);
    if (isSure(next.page)) return next;
    if (sureWords(next.page) > sureWords(best.page)) best = next;
  }
  return best;
}

function isSure({ words }: OcrPage): boolean {
  const sum = words.reduce((total, { confidence }) => total + confidence, 0);
  return sum >= sureConfidence * words.length;
}

const sureWords = ({ words }: OcrPage): number => words.filter(isSureWord).length;

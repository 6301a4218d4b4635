import type { Buffer } from 'node:buffer';
import sharp from 'sharp';
import { checkOcrPage } from './check-ocr-page.ts';
import type { IntakeFieldName } from './form-fields.ts';
import { limits } from './limits.ts';
import type { OcrEngine } from './ocr-engine.ts';
import { wipe, type PageImage } from './page-image.ts';
import { readFields, type ScrubbedReading } from './read-fields.ts';
import type { RedactRequest } from './redact-page.ts';
import { ThreadCaller } from './thread-caller.ts';

/** One page that may be kept, as PNG without metadata. */
export interface KeptPage {
  readonly page: Buffer;
  readonly thumbnail: Buffer;
}

/** `refused`: a number was still to be read on a blacked-out page, so none of the form's pages is kept. */
export type KeptPictures =
  | { readonly state: 'none' | 'refused'; readonly pages: readonly [] }
  | { readonly state: 'kept'; readonly pages: readonly KeptPage[] };

export const noPictures: KeptPictures = { state: 'none', pages: [] };
export const refusedPictures: KeptPictures = { state: 'refused', pages: [] };

/** The pixels are kept until the form's fate is known, and erased then. */
export interface PageToKeep {
  readonly image: PageImage;
  readonly reading: ScrubbedReading;
}

const thumbnailLongSide = 320;

/**
 * Blacks pages out, reads each again in another way, and encodes them. Only pixels of the sheet made here reach the
 * encoder, so nothing of the file (text layer, metadata, EXIF, attachments, earlier revisions) can come along.
 * @throws IntakeReadingError intake-timed-out, intake-cancelled, intake-reader-failed
 */
export async function keepPictures(
  engine: OcrEngine,
  pages: readonly PageToKeep[],
  withheld: ReadonlySet<IntakeFieldName>,
  signal: AbortSignal,
): Promise<KeptPictures> {
  const thread = new ThreadCaller<RedactRequest, PageImage>(new URL('./redact-thread.ts', import.meta.url));
  try {
    const kept: KeptPage[] = [];
    for (const { image, reading } of pages) {
      const request = { image, ...reading.placement, ...reading.boxes(withheld) };
      const sheet = await thread.call(request, [image.pixels.buffer], {
        timeLimitMs: limits.redactPageMs,
        signal,
      });
      if (await showsNumber(engine, sheet, signal)) return refusedPictures;
      kept.push({ page: await encode(sheet), thumbnail: await encode(sheet, thumbnailLongSide) });
    }
    return { state: 'kept', pages: kept };
  } finally {
    await thread.close();
  }
}

/** Another page mode at another scale: what one way of looking misses, the other may see. */
async function showsNumber(engine: OcrEngine, sheet: PageImage, signal: AbortSignal): Promise<boolean> {
  const copy = { ...sheet, pixels: sheet.pixels.slice() };
  try {
    return readFields(checkOcrPage(await engine.readPage(copy, signal, 'check'))).numbersRemoved > 0;
  } finally {
    wipe(copy.pixels);
  }
}

const encode = ({ width, height, pixels }: PageImage, longSide?: number): Promise<Buffer> => {
  const picture = sharp(pixels, { raw: { width, height, channels: 1 } });
  if (longSide !== undefined) picture.resize({ width: longSide, height: longSide, fit: 'inside' });
  return picture.toColourspace('b-w').png({ compressionLevel: 9 }).toBuffer();
};

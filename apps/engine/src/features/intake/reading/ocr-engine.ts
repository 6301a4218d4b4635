import type { PageImage } from './page-image.ts';

/** Pixels of the page as it was read (see `rotationRadians`): `right` and `bottom` lie just outside. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface OcrWord {
  readonly text: string;
  /** 0–100, as the engine reports it. */
  readonly confidence: number;
  readonly box: Box;
}

/** What one engine found on one page. Unscrubbed: nothing but the removal of card numbers may look at it. */
export interface OcrPage {
  readonly words: readonly OcrWord[];
  /** The engine's own lines, as indices into `words`. */
  readonly lines: readonly (readonly number[])[];
  /** The engine's own reading order, one line per line. */
  readonly text: string;
  /**
   * By how much the engine turned the page clockwise, then enlarged it, before reading; boxes refer to the page as it
   * was read, which grew so that no corner was lost.
   */
  readonly rotationRadians: number;
  readonly scale: number;
}

/** `check` looks at a page a second time, in another page mode and at another scale than `read`. */
export type ReadingManner = 'read' | 'check';

/** Reads printed pages. An engine may take the image's pixels over: they are gone afterwards. */
export interface OcrEngine {
  /** @throws IntakeReadingError intake-busy, intake-timed-out, intake-cancelled, intake-reader-failed */
  readPage(image: PageImage, signal?: AbortSignal, manner?: ReadingManner): Promise<OcrPage>;
  close(): Promise<void>;
}

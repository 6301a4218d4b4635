import type { Buffer } from 'node:buffer';
import { decodePicture } from './decode-picture.ts';
import type { PageImage } from './page-image.ts';
import { renderPdf } from './pdf-pages.ts';
import type { UploadType } from './sniff-upload.ts';

/** An upload's pages as upright grey pictures, in memory only, rendered when they are asked for. */
export async function* renderPages(
  bytes: Buffer,
  type: UploadType,
  signal?: AbortSignal,
): AsyncGenerator<PageImage> {
  if (type === 'pdf') yield* renderPdf(bytes, signal);
  else yield await decodePicture(bytes);
}

import type { Buffer } from 'node:buffer';
import { IntakeReadingError, type IntakeReadingErrorCode } from './errors.ts';
import { limits } from './limits.ts';
import type { PageImage } from './page-image.ts';
import { ThreadCaller } from './thread-caller.ts';

export type PdfRequest =
  { readonly kind: 'open'; readonly bytes: Uint8Array } | { readonly kind: 'render'; readonly index: number };

export type PdfReply =
  | { readonly kind: 'opened'; readonly pages: number }
  | ({ readonly kind: 'page' } & PageImage)
  | {
      readonly kind: 'refused';
      readonly code: Extract<
        IntakeReadingErrorCode,
        'intake-file-encrypted' | 'intake-file-damaged' | 'intake-too-many-pages' | 'intake-picture-too-large'
      >;
    };

/**
 * The pages of a PDF, one at a time, as a person would see them. Text layer, metadata, attachments and scripts are not
 * looked at. Each document has a thread of its own, which ends with the last page, and with it every copy of the file.
 * @throws IntakeReadingError intake-file-encrypted, intake-file-damaged, intake-too-many-pages,
 * intake-picture-too-large, intake-timed-out, intake-cancelled, intake-reader-failed
 */
export async function* renderPdf(bytes: Buffer, signal?: AbortSignal): AsyncGenerator<PageImage> {
  const thread = new ThreadCaller<PdfRequest, PdfReply>(new URL('./pdf-thread.ts', import.meta.url));
  const bounds = { timeLimitMs: limits.renderPageMs, signal };
  try {
    const copy = new Uint8Array(bytes);
    const opened = accept(await thread.call({ kind: 'open', bytes: copy }, [copy.buffer], bounds));
    if (opened.kind !== 'opened') throw new IntakeReadingError('intake-reader-failed');
    for (let index = 0; index < opened.pages; index += 1) {
      const page = accept(await thread.call({ kind: 'render', index }, [], bounds));
      if (page.kind !== 'page') throw new IntakeReadingError('intake-reader-failed');
      yield { width: page.width, height: page.height, pixels: page.pixels };
    }
  } finally {
    await thread.close();
  }
}

function accept(reply: PdfReply): Exclude<PdfReply, { kind: 'refused' }> {
  if (reply.kind === 'refused') throw new IntakeReadingError(reply.code);
  return reply;
}

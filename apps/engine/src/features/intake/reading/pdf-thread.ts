/**
 * The thread that opens one PDF. PDFium is WebAssembly and runs to its end once called: here it cannot hold up the
 * engine, and a document that makes it loop or fail costs this thread alone. This build has no JavaScript and no XFA.
 */
import { parentPort } from 'node:worker_threads';
import { PDFiumLibrary, PDFiumModule, type PDFiumDocument, type PDFiumPage } from '@hyzyla/pdfium';
import { holdsTooLargePicture, type Pdfium } from './inner-pictures.ts';
import { limits } from './limits.ts';
import type { PdfReply, PdfRequest } from './pdf-pages.ts';

type Refusal = Extract<PdfReply, { kind: 'refused' }>['code'];

let pdfium: Pdfium | undefined;
let opened: PDFiumDocument | undefined;

async function open(bytes: Uint8Array): Promise<PdfReply> {
  const library = await PDFiumLibrary.initBase({
    vendor: async (options) => {
      pdfium = (await PDFiumModule(options)) as Pdfium;
      return pdfium;
    },
  });
  try {
    opened = await library.loadDocument(bytes);
  } catch (error) {
    const encrypted = error instanceof Error && /password|security/i.test(error.message);
    return refuse(encrypted ? 'intake-file-encrypted' : 'intake-file-damaged');
  } finally {
    bytes.fill(0);
  }
  // An empty user password opens without asking, yet the file's owner has restricted it.
  if (pdfium?._FPDF_GetSecurityHandlerRevision(documentHandle(opened)) !== -1)
    return refuse('intake-file-encrypted');
  const pages = opened.getPageCount();
  if (pages < 1) return refuse('intake-file-damaged');
  return pages > limits.pdfPages ? refuse('intake-too-many-pages') : { kind: 'opened', pages };
}

/** The package keeps PDFium's own handles to itself. */
const documentHandle = (document: PDFiumDocument): number =>
  (document as unknown as { documentIdx: number }).documentIdx;
const pageHandle = (page: PDFiumPage): number => (page as unknown as { pageIdx: number }).pageIdx;

async function render(index: number): Promise<PdfReply> {
  const page = opened?.getPage(index);
  const { originalWidth: width, originalHeight: height } = page?.getOriginalSize() ?? {
    originalWidth: 0,
    originalHeight: 0,
  };
  // PDFium answers 0 for a page it cannot load.
  if (!pdfium || !page || !(width >= 1 && height >= 1)) return refuse('intake-file-damaged');
  const longSide = Math.max(width, height);
  if (longSide > limits.pdfPageSide || holdsTooLargePicture(pdfium, pageHandle(page), limits.inputPixels))
    return refuse('intake-picture-too-large');
  const scale = Math.min(limits.pdfDotsPerInch / 72, limits.ocrLongSide / longSide);
  // Filled form fields are part of what a person sees on the page, so they are drawn too.
  const picture = await page.render({ scale, colorSpace: 'Gray', render: 'bitmap', renderFormFields: true });
  const pixels = new Uint8Array(picture.data);
  if (pixels.length !== picture.width * picture.height) return refuse('intake-file-damaged');
  return { kind: 'page', width: picture.width, height: picture.height, pixels };
}

const refuse = (code: Refusal): PdfReply => ({ kind: 'refused', code });

parentPort?.on('message', (request: PdfRequest) => {
  const answer = request.kind === 'open' ? open(request.bytes) : render(request.index);
  answer
    .catch(() => refuse('intake-file-damaged'))
    .then((reply) => {
      parentPort?.postMessage(reply, reply.kind === 'page' ? [reply.pixels.buffer] : []);
    })
    .catch((error: unknown) => {
      // Ends the thread; the caller reports that the reader failed.
      throw error;
    });
});

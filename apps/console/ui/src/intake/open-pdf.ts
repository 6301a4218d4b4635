import type { PDFDocumentLoadingTask } from 'pdfjs-dist';

/** Pictures inside a page with more pixels are left out; the engine refuses them too. */
const MOST_PIXELS = 40_000_000;

/**
 * Opens a PDF in the page, from the browser's own memory: nothing is sent for it. The library comes when it is first
 * needed. Its worker is handed over as a module and runs in this thread, since the page's policy (Trusted Types) lets no
 * address become a worker; a form has few pages.
 */
export async function openPdf(file: File): Promise<PDFDocumentLoadingTask> {
  const [pdf, worker, bytes] = await Promise.all([
    import('pdfjs-dist'),
    import('pdfjs-dist/build/pdf.worker.mjs'),
    file.arrayBuffer(),
  ]);
  Object.assign(globalThis, { pdfjsWorker: worker });
  return pdf.getDocument({
    data: new Uint8Array(bytes),
    // What the page's policy forbids, and what a form does not need.
    isEvalSupported: false,
    useWasm: false,
    useWorkerFetch: false,
    enableXfa: false,
    maxImageSize: MOST_PIXELS,
    verbosity: pdf.VerbosityLevel.ERRORS,
  });
}

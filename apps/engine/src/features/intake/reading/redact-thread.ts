/** The thread that blacks pages out: it holds unscrubbed pixels, and ends with the form. */
import { parentPort } from 'node:worker_threads';
import { wipe, type PageImage } from './page-image.ts';
import { redactPage, type RedactRequest } from './redact-page.ts';

parentPort?.on('message', (request: RedactRequest) => {
  let page: PageImage;
  try {
    page = redactPage(request);
  } finally {
    wipe(request.image.pixels);
  }
  parentPort?.postMessage(page, [page.pixels.buffer]);
});

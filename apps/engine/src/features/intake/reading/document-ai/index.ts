/**
 * Google Document AI behind the same interface as the engine that runs here. A page leaves the installation with it,
 * card numbers and all: the service must be in the region of the form's data class, and in production it is refused until
 * the vendor's agreement is on file.
 */
import { isLoopbackHost } from '@cordon/web-guard';
import sharp from 'sharp';
import { AdmissionGate } from '../admission-gate.ts';
import { IntakeReadingError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { OcrEngine } from '../ocr-engine.ts';
import { wipe, type PageImage } from '../page-image.ts';
import { turnPage } from '../preparing/index.ts';
import { createTokenSource, type ServiceAccount } from './access-token.ts';
import { readAnswer } from './answer.ts';

export { serviceAccountSchema, type ServiceAccount } from './access-token.ts';

export interface DocumentAiOptions {
  readonly environment: 'demo' | 'production';
  /** Why the vendor's agreement is not in force, in words; undefined where it is. */
  readonly agreementFault: string | undefined;
  /** `https://europe-west2-documentai.googleapis.com`; in the demo also an address of this machine. */
  readonly endpoint: string;
  /** `projects/…/locations/europe-west2/processors/…` */
  readonly processor: string;
  readonly account: ServiceAccount;
}

/** London: what holds patients' forms stays in the United Kingdom. */
const processorForm = /^projects\/[a-z0-9-]{4,40}\/locations\/europe-west2\/processors\/[a-z0-9]{8,40}$/;
const endpointHost = 'europe-west2-documentai.googleapis.com';
const checkScale = 0.75;
const atOnce = 2;

/** @throws IntakeReadingError `intake-agreement-missing`, `intake-engine-misplaced` */
export function createDocumentAiEngine(options: DocumentAiOptions): OcrEngine {
  if (options.environment === 'production' && options.agreementFault !== undefined)
    throw new IntakeReadingError('intake-agreement-missing', { cause: new Error(options.agreementFault) });
  if (!processorForm.test(options.processor)) throw new IntakeReadingError('intake-engine-misplaced');
  const url = new URL(`/v1/${options.processor}:process`, options.endpoint);
  // Another region's address would be sent the page before it refused the processor.
  const isTrial = options.environment === 'demo' && isLoopbackHost(url.hostname);
  if (url.host !== endpointHost && !isTrial) throw new IntakeReadingError('intake-engine-misplaced');
  const tokenOf = createTokenSource(options.account);
  const gate = new AdmissionGate(atOnce, 16, 5);
  const closing = new AbortController();

  return {
    async readPage(image, signal, manner = 'read') {
      const stop = AbortSignal.any([closing.signal, ...(signal ? [signal] : [])]);
      const leave = await gate.enter(stop);
      try {
        const scale = manner === 'read' ? 1 : checkScale;
        const bounded = AbortSignal.any([stop, AbortSignal.timeout(limits.readPageMs)]);
        const response = await fetch(url, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${await tokenOf(bounded)}`,
            'content-type': 'application/json; charset=utf-8',
          },
          body: await writeRequest(image, scale),
          redirect: 'error',
          signal: bounded,
        });
        if (response.status === 429 || response.status === 503)
          throw new IntakeReadingError('intake-busy', { retryAfterSeconds: 30 });
        if (!response.ok) throw new Error(`the service answered ${response.status}`);
        return readAnswer(await readBody(response), scale);
      } catch (cause) {
        if (cause instanceof IntakeReadingError) throw cause;
        if (stop.aborted) throw new IntakeReadingError('intake-cancelled', { cause });
        const late = cause instanceof Error && cause.name === 'TimeoutError';
        throw new IntakeReadingError(late ? 'intake-timed-out' : 'intake-reader-failed', { cause });
      } finally {
        wipe(image.pixels);
        leave();
      }
    },
    close() {
      closing.abort();
      return Promise.resolve();
    },
  };
}

/** The page as PNG without metadata; no field of the request but the picture says anything of the form. */
async function writeRequest(image: PageImage, scale: number): Promise<string> {
  const { width, height, pixels } = scale === 1 ? image : turnPage(image, 0, scale);
  const png = await sharp(pixels, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
  return JSON.stringify({
    skipHumanReview: true,
    fieldMask: 'text,pages.tokens,pages.lines',
    rawDocument: { mimeType: 'image/png', content: png.toString('base64') },
  });
}

/** The body up to its limit; a longer one is refused before it is whole. */
async function readBody(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const part of body ?? []) {
    length += part.length;
    if (length > limits.engineAnswerCharacters)
      throw new IntakeReadingError('intake-engine-answer-malformed', {
        fields: [{ field: 'document', reason: 'too-long' }],
      });
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

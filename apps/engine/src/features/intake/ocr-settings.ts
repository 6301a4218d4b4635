import { readSettings, secretJson, type Environment } from '@cordon/service';
import { z } from 'zod';
import { findAgreementFault, shippedRegister } from '../../agreements/index.ts';
import {
  createDocumentAiEngine,
  serviceAccountSchema,
  type DocumentAiOptions,
} from './reading/document-ai/index.ts';
import type { OcrEngine } from './reading/index.ts';

/** Undefined for the engine that runs in this process, which is the default. */
export type OcrSettings = DocumentAiOptions | undefined;

const chosen = z.object({ CORDON_OCR_ENGINE: z.enum(['tesseract', 'document-ai']).default('tesseract') });
const documentAi = z.object({
  CORDON_ENV: z.enum(['demo', 'production']),
  CORDON_DOCUMENT_AI_ENDPOINT: z.url({ protocol: /^https$/ }),
  CORDON_DOCUMENT_AI_PROCESSOR: z.string().min(1),
  CORDON_DOCUMENT_AI_CREDENTIALS_FILE: secretJson(serviceAccountSchema),
  CORDON_AGREEMENTS_FILE: z.string().min(1).default(shippedRegister),
});

/** @throws ServiceError `settings-invalid`, naming everything that is missing or wrong */
export function readOcrSettings(environment: Environment): OcrSettings {
  if (readSettings(chosen, environment).CORDON_OCR_ENGINE === 'tesseract') return undefined;
  const read = readSettings(documentAi, environment);
  return {
    environment: read.CORDON_ENV,
    agreementFault: findAgreementFault(read.CORDON_AGREEMENTS_FILE, {
      vendor: 'Google Cloud',
      service: 'Document AI',
    }),
    endpoint: read.CORDON_DOCUMENT_AI_ENDPOINT,
    processor: read.CORDON_DOCUMENT_AI_PROCESSOR,
    account: read.CORDON_DOCUMENT_AI_CREDENTIALS_FILE,
  };
}

/** Undefined for the default. @throws IntakeReadingError `intake-agreement-missing`, `intake-engine-misplaced` */
export function chooseOcrEngine(settings: OcrSettings): OcrEngine | undefined {
  return settings && createDocumentAiEngine(settings);
}

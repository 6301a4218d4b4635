import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { EngineError } from '../../error.ts';
import { IntakeReadingError, readCorrections, type Corrections } from './reading/index.ts';

const largestForm = 20 * 1024 * 1024;
const largestField = 64 * 1024;
const uploadLimits = {
  fileSize: largestForm,
  files: 1,
  fields: 3,
  fieldSize: largestField,
  parts: 4,
  headerPairs: 20,
};
/** The file, the fields, and what stands between them. */
export const largestBody = largestForm + 4 * largestField;

export interface Upload {
  readonly clinicId: string;
  /** Made by the uploader, to ask how far the reading is. */
  readonly uploadId: string | undefined;
  readonly corrections: Corrections;
  /** May be called once, after the decision. */
  readonly readBytes: () => Promise<Buffer>;
}

/**
 * The parts in order: the clinic first and the file last, so that the decision comes before the file. In between, in any
 * order, `uploadId` and `corrections`.
 * @throws EngineError intake-part-missing; IntakeReadingError intake-corrections-malformed, intake-file-too-large
 */
export async function readUpload(request: FastifyRequest): Promise<Upload> {
  const parts = openParts(request);
  const clinicId = idIn(await nextPart(parts), 'clinicId');
  let part = await nextPart(parts);
  let uploadId: string | undefined;
  let corrections: string | undefined;
  for (; part?.type === 'field'; part = await nextPart(parts)) {
    if (part.fieldname === 'uploadId' && uploadId === undefined) uploadId = idIn(part, 'uploadId');
    else if (part.fieldname === 'corrections' && corrections === undefined) corrections = textIn(part);
    else throw new EngineError('intake-part-missing');
  }
  const file = part;
  if (file?.type !== 'file' || file.fieldname !== 'form') throw new EngineError('intake-part-missing');
  return {
    clinicId,
    uploadId,
    corrections: readCorrections(corrections),
    readBytes: () => readFile(file, parts),
  };
}

function openParts(request: FastifyRequest): AsyncIterator<Multipart> {
  try {
    return request.parts({ limits: uploadLimits })[Symbol.asyncIterator]();
  } catch (error) {
    throw new EngineError('intake-part-missing', { cause: error });
  }
}

/** What the parser cannot read, such as an upload that was cut off, is the sender's to send again. */
async function nextPart(parts: AsyncIterator<Multipart>): Promise<Multipart | undefined> {
  try {
    const part = await parts.next();
    return part.done === true ? undefined : part.value;
  } catch (error) {
    throw new EngineError('intake-part-missing', { cause: error });
  }
}

function idIn(part: Multipart | undefined, name: string): string {
  const id = part?.type === 'field' && part.fieldname === name ? z.uuid().safeParse(part.value) : undefined;
  if (id?.success !== true) throw new EngineError('intake-part-missing');
  return id.data.toLowerCase();
}

function textIn(part: Exclude<Multipart, MultipartFile>): string {
  // What was cut off would be read as what was said.
  if (part.valueTruncated || typeof part.value !== 'string')
    throw new IntakeReadingError('intake-corrections-malformed', {
      fields: [{ field: 'corrections', reason: 'too-long' }],
    });
  return part.value;
}

/**
 * The file's bytes, which must be the last of the upload: of two files nobody could say which one was meant.
 * @throws IntakeReadingError `intake-file-too-large`, as soon as the limit is passed; EngineError `intake-part-missing`.
 */
async function readFile(part: MultipartFile, parts: AsyncIterator<Multipart>): Promise<Buffer> {
  try {
    const bytes = await part.toBuffer();
    if ((await nextPart(parts)) === undefined) return bytes;
    bytes.fill(0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'FST_REQ_FILE_TOO_LARGE')
      throw new IntakeReadingError('intake-file-too-large', { cause: error });
    throw new EngineError('intake-part-missing', { cause: error });
  }
  throw new EngineError('intake-part-missing', { detail: 'something follows the file' });
}

import { Buffer } from 'node:buffer';
import { IntakeReadingError } from './errors.ts';
import { limits } from './limits.ts';

export type UploadType = 'png' | 'jpeg' | 'pdf';

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const jpegSignature = Buffer.from([0xff, 0xd8, 0xff]);
const pdfSignature = Buffer.from('%PDF-1.', 'latin1');
const pdf2Signature = Buffer.from('%PDF-2.', 'latin1');

const startsWith = (bytes: Buffer, signature: Buffer): boolean =>
  bytes.subarray(0, signature.length).equals(signature);

/**
 * The type of an upload by its first bytes; a file name or a declared content type is never asked. PDF readers
 * accept a header within the first kilobyte: here it must come first, which refuses files that are two types at once.
 * @throws IntakeReadingError intake-file-empty, intake-file-too-large, intake-file-type-refused
 */
export function sniffUpload(bytes: Buffer): UploadType {
  if (bytes.length === 0) throw new IntakeReadingError('intake-file-empty');
  if (bytes.length > limits.fileBytes) throw new IntakeReadingError('intake-file-too-large');
  if (startsWith(bytes, pngSignature)) return 'png';
  if (startsWith(bytes, jpegSignature)) return 'jpeg';
  if (startsWith(bytes, pdfSignature) || startsWith(bytes, pdf2Signature)) return 'pdf';
  throw new IntakeReadingError('intake-file-type-refused');
}

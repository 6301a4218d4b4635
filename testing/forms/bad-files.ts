/** The makers behind the bad inputs: files that are small, and false. */
import { Buffer } from 'node:buffer';
import { crc32, deflateSync } from 'node:zlib';
import PdfDocument from 'pdfkit';
import { collectPdf } from './draw-sheet.ts';
import { rawPdf } from './raw-pdf.ts';

export const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** A PNG of one bit a pixel, all of one colour: its file is a few thousandths of its picture. */
export function blankPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(1, 8);
  const rows = Buffer.alloc((Math.ceil(width / 8) + 1) * height);
  return Buffer.concat([
    pngSignature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(rows, { level: 9 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

export function pdfWith(
  options: PDFKit.PDFDocumentOptions,
  draw: (pdf: PDFKit.PDFDocument) => void,
): Promise<Buffer> {
  const pdf = new PdfDocument({ size: 'A5', ...options });
  draw(pdf);
  return collectPdf(pdf);
}

/** The least a PDF needs, as objects 1 to 3. */
export const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] >>';
export const catalog = '<< /Type /Catalog /Pages 2 0 R >>';
export const pageTree = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>';

const stream = (dictionary: string, data: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`<< ${dictionary} /Length ${data.length} >>\nstream\n`, 'latin1'),
    data,
    Buffer.from('\nendstream', 'latin1'),
  ]);

export function inflatingPdf(): Buffer {
  // Packed twice: 200 MB of blanks become about 200 kilobytes, then a few kilobytes.
  const once = deflateSync(Buffer.alloc(200 * 1024 * 1024, ' '), { level: 9 });
  const contents = stream('/Filter [/FlateDecode /FlateDecode]', deflateSync(once, { level: 9 }));
  return rawPdf([catalog, pageTree, page.replace('>>', '/Contents 4 0 R >>'), contents]);
}

const drawing = Buffer.from('420 0 0 595 0 0 cm /I Do');
const drawnBy = (object: number, name: string): string =>
  `/Resources << /XObject << /${name} ${object} 0 R >> >>`;
const greyPicture = (side: number, data: Buffer): Buffer =>
  stream(
    `/Type /XObject /Subtype /Image /Width ${side} /Height ${side} /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /FlateDecode`,
    data,
  );

export function hugePicturePdf(): Buffer {
  const side = 30_000;
  const picture = greyPicture(side, deflateSync(Buffer.alloc((side / 8) * side, 0xff), { level: 9 }));
  return rawPdf([
    catalog,
    pageTree,
    page.replace('>>', `/Contents 4 0 R ${drawnBy(5, 'I')} >>`),
    stream('', drawing),
    picture,
  ]);
}

/** The picture is declared only, and stands in a drawing that the page uses. */
export function hugePictureInDrawingPdf(): Buffer {
  return rawPdf([
    catalog,
    pageTree,
    page.replace('>>', `/Contents 4 0 R ${drawnBy(5, 'F')} >>`),
    stream('', Buffer.from('/F Do')),
    stream(`/Type /XObject /Subtype /Form /BBox [0 0 420 595] ${drawnBy(6, 'I')}`, drawing),
    greyPicture(30_000, deflateSync(Buffer.alloc(1000))),
  ]);
}

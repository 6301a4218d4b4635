/** Uploads that must be refused, made when they are asked for: none of them is worth a place in the repository. */
import { Buffer } from 'node:buffer';
import { crc32, deflateSync } from 'node:zlib';
import PdfDocument from 'pdfkit';
import sharp from 'sharp';
import { loadForm } from './cases.ts';
import { collectPdf } from './draw-sheet.ts';
import { rawPdf } from './raw-pdf.ts';

export interface BadInput {
  readonly id: string;
  readonly shows: string;
  /** A name that lies where it can. */
  readonly fileName: string;
  /** The refusal's code and HTTP status. */
  readonly code: string;
  readonly status: number;
  readonly make: () => Promise<Buffer>;
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** A PNG of one bit a pixel, all of one colour: its file is a few thousandths of its picture. */
function blankPng(width: number, height: number): Buffer {
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

function pdfWith(
  options: PDFKit.PDFDocumentOptions,
  draw: (pdf: PDFKit.PDFDocument) => void,
): Promise<Buffer> {
  const pdf = new PdfDocument({ size: 'A5', ...options });
  draw(pdf);
  return collectPdf(pdf);
}

const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] >>';
const catalog = '<< /Type /Catalog /Pages 2 0 R >>';
const pageTree = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>';

const made = (bytes: Buffer): Promise<Buffer> => Promise.resolve(bytes);

export const badInputs: readonly BadInput[] = [
  {
    id: 'too-large',
    shows: 'a 21 MB file',
    fileName: 'form.png',
    code: 'intake-file-too-large',
    status: 413,
    make: () => made(Buffer.concat([pngSignature, Buffer.alloc(21 * 1024 * 1024)])),
  },
  {
    id: 'empty',
    shows: 'a file of 0 bytes',
    fileName: 'form.pdf',
    code: 'intake-file-empty',
    status: 400,
    make: () => made(Buffer.alloc(0)),
  },
  {
    id: 'text-named-png',
    shows: 'a text file named .png',
    fileName: 'form.png',
    code: 'intake-file-type-refused',
    status: 415,
    make: () => made(Buffer.from('Full name: Amira Holloway\nDate of birth: 17/03/1984\n')),
  },
  {
    id: 'gif-named-jpg',
    shows: 'a GIF named .jpg',
    fileName: 'form.jpg',
    code: 'intake-file-type-refused',
    status: 415,
    make: () => made(Buffer.from('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64')),
  },
  {
    id: 'two-types-at-once',
    shows: 'a PDF behind the start of a web page',
    fileName: 'form.pdf',
    code: 'intake-file-type-refused',
    status: 415,
    make: () => made(Buffer.concat([Buffer.from('<html><script>'), rawPdf([catalog, pageTree, page])])),
  },
  {
    id: 'encrypted-pdf',
    shows: 'a PDF that asks for a password',
    fileName: 'form.pdf',
    code: 'intake-file-encrypted',
    status: 422,
    make: () => pdfWith({ userPassword: 'open', ownerPassword: 'own' }, (pdf) => pdf.text('Full name: A')),
  },
  {
    id: 'restricted-pdf',
    shows: 'an encrypted PDF that opens without a password',
    fileName: 'form.pdf',
    code: 'intake-file-encrypted',
    status: 422,
    make: () => pdfWith({ ownerPassword: 'own' }, (pdf) => pdf.text('Full name: A')),
  },
  {
    id: 'forty-pages',
    shows: 'a PDF of 40 pages',
    fileName: 'form.pdf',
    code: 'intake-too-many-pages',
    status: 422,
    make: () =>
      pdfWith({}, (pdf) => {
        for (let number = 2; number <= 40; number += 1) pdf.addPage();
      }),
  },
  {
    id: 'decompression-bomb',
    shows: 'a picture of 20,000 by 20,000 pixels in a small file',
    fileName: 'form.png',
    code: 'intake-picture-too-large',
    status: 422,
    make: () => made(blankPng(20_000, 20_000)),
  },
  {
    id: 'pixels-past-the-limit',
    shows: 'a picture just above 40 megapixels',
    fileName: 'form.png',
    code: 'intake-picture-too-large',
    status: 422,
    make: () => made(blankPng(8_000, 5_001)),
  },
  {
    id: 'thin-strip',
    shows: 'a picture one pixel high and 39 million wide',
    fileName: 'form.png',
    code: 'intake-picture-too-large',
    status: 422,
    make: () => made(blankPng(39_000_000, 1)),
  },
  {
    id: 'blank-page',
    shows: 'a page of one colour',
    fileName: 'form.png',
    code: 'intake-form-unreadable',
    status: 422,
    make: () => made(blankPng(800, 1_200)),
  },
  {
    id: 'single-pixel',
    shows: 'a picture of one pixel',
    fileName: 'form.png',
    code: 'intake-form-unreadable',
    status: 422,
    make: () => made(blankPng(1, 1)),
  },
  {
    id: 'broken-png-chunk',
    shows: 'a PNG with a broken checksum in the middle of the picture',
    fileName: 'form.png',
    code: 'intake-file-damaged',
    status: 422,
    make: async () => {
      const bytes = await loadForm('boxed-clean');
      bytes.fill(0x55, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 40);
      return bytes;
    },
  },
  {
    id: 'png-header-alone',
    shows: 'a PNG that ends behind its header',
    fileName: 'form.png',
    code: 'intake-file-damaged',
    status: 422,
    make: async () => (await loadForm('boxed-clean')).subarray(0, 60),
  },
  {
    id: 'truncated-jpeg',
    shows: 'a JPEG cut off at two thirds',
    fileName: 'form.jpg',
    code: 'intake-file-damaged',
    status: 422,
    make: async () => {
      const bytes = await loadForm('tilted-card-in-margin');
      return bytes.subarray(0, Math.floor((bytes.length * 2) / 3));
    },
  },
  {
    id: 'truncated-pdf',
    shows: 'a PDF cut off at half',
    fileName: 'form.pdf',
    code: 'intake-file-damaged',
    status: 422,
    make: async () => {
      const bytes = await loadForm('text-pdf-two-pages');
      return bytes.subarray(0, Math.floor(bytes.length / 2));
    },
  },
  {
    id: 'pdf-without-pages',
    shows: 'a PDF with no page',
    fileName: 'form.pdf',
    code: 'intake-file-damaged',
    status: 422,
    make: () => made(rawPdf([catalog, '<< /Type /Pages /Kids [] /Count 0 >>'])),
  },
  {
    id: 'pdf-huge-page',
    shows: 'a PDF page of 100,000 by 100,000 points',
    fileName: 'form.pdf',
    code: 'intake-picture-too-large',
    status: 422,
    make: () => made(rawPdf([catalog, pageTree, page.replace('420 595', '100000 100000')])),
  },
  {
    id: 'pdf-page-tree-cycle',
    shows: 'a PDF whose page tree contains itself',
    fileName: 'form.pdf',
    code: 'intake-file-damaged',
    status: 422,
    make: () => made(rawPdf([catalog, '<< /Type /Pages /Kids [2 0 R] /Count 1 >>'])),
  },
  {
    id: 'pdf-deeply-nested',
    shows: 'a PDF with 200,000 arrays inside each other',
    fileName: 'form.pdf',
    code: 'intake-form-unreadable',
    status: 422,
    make: () =>
      made(
        rawPdf([
          catalog,
          pageTree,
          page.replace('>>', '/Contents 4 0 R >>'),
          '['.repeat(200_000) + ']'.repeat(200_000),
        ]),
      ),
  },
  {
    id: 'pdf-inflating-stream',
    shows: 'a PDF whose drawing unpacks to 200 MB',
    fileName: 'form.pdf',
    code: 'intake-form-unreadable',
    status: 422,
    make: () => made(inflatingPdf()),
  },
  {
    id: 'pdf-huge-inner-picture',
    shows: 'a PDF with a picture of 30,000 by 30,000 pixels on its page',
    fileName: 'form.pdf',
    code: 'intake-form-unreadable',
    status: 422,
    make: () => made(hugePicturePdf()),
  },
];

const stream = (dictionary: string, data: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`<< ${dictionary} /Length ${data.length} >>\nstream\n`, 'latin1'),
    data,
    Buffer.from('\nendstream', 'latin1'),
  ]);

function inflatingPdf(): Buffer {
  // Packed twice: 200 MB of blanks become about 200 kilobytes, then a few kilobytes.
  const once = deflateSync(Buffer.alloc(200 * 1024 * 1024, ' '), { level: 9 });
  const contents = stream('/Filter [/FlateDecode /FlateDecode]', deflateSync(once, { level: 9 }));
  return rawPdf([catalog, pageTree, page.replace('>>', '/Contents 4 0 R >>'), contents]);
}

function hugePicturePdf(): Buffer {
  const side = 30_000;
  const picture = stream(
    `/Type /XObject /Subtype /Image /Width ${side} /Height ${side} /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /FlateDecode`,
    deflateSync(Buffer.alloc((side / 8) * side, 0xff), { level: 9 }),
  );
  return rawPdf([
    catalog,
    pageTree,
    page.replace('>>', '/Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>'),
    stream('', Buffer.from('420 0 0 595 0 0 cm /I Do')),
    picture,
  ]);
}

/** The clean form inside a PDF that also carries a script, an attachment and a second text: none may have an effect. */
export async function pdfWithPassengers(): Promise<Buffer> {
  const picture = await sharp(await loadForm('boxed-clean'))
    .png()
    .toBuffer();
  return pdfWith({ margin: 0 }, (pdf) => {
    pdf.image(picture, 0, 0, { width: pdf.page.width, height: pdf.page.height });
    pdf.file(Buffer.from('Full name: Attached Person 4111 1111 1111 1111'), { name: 'attached.txt' });
    pdf.addNamedJavaScript('start', 'app.alert("script"); this.getField("x").value = "4111 1111 1111 1111";');
  });
}

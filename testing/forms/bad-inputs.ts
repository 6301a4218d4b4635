/** Uploads that must be refused, made when they are asked for: none of them is worth a place in the repository. */
import { Buffer } from 'node:buffer';
import sharp from 'sharp';
import { loadForm } from './cases.ts';
import {
  blankPng,
  catalog,
  hugePictureInDrawingPdf,
  hugePicturePdf,
  inflatingPdf,
  page,
  pageTree,
  pdfWith,
  pngSignature,
} from './bad-files.ts';
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
    code: 'intake-file-damaged',
    status: 422,
    make: () => made(inflatingPdf()),
  },
  {
    id: 'pdf-huge-inner-picture',
    shows: 'a PDF with a picture of 30,000 by 30,000 pixels on its page',
    fileName: 'form.pdf',
    code: 'intake-picture-too-large',
    status: 422,
    make: () => made(hugePicturePdf()),
  },
  {
    id: 'pdf-huge-picture-in-drawing',
    shows: 'a PDF whose page uses a drawing that declares such a picture',
    fileName: 'form.pdf',
    code: 'intake-picture-too-large',
    status: 422,
    make: () => made(hugePictureInDrawingPdf()),
  },
];

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

/** Draws laid-out sheets as PNG, JPEG and PDF with the fonts of the repository's own dependencies only. */
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import PdfDocument from 'pdfkit';
import sharp from 'sharp';
import type { FormSheet } from './form-case.ts';
import { layOutSheet, pageSize, type Mark, type Typeface } from './lay-out-sheet.ts';

const dotsPerInch = 200;
const scale = dotsPerInch / 72;

const require = createRequire(import.meta.url);
const fontFiles: Readonly<Record<Typeface, string>> = {
  print: '@fontsource/noto-sans/files/noto-sans-latin-400-normal.woff',
  'print-bold': '@fontsource/noto-sans/files/noto-sans-latin-600-normal.woff',
  hand: '@fontsource/caveat/files/caveat-latin-500-normal.woff',
};
const typefaces = ['print', 'print-bold', 'hand'] as const satisfies readonly Typeface[];
const readFont = (typeface: Typeface): Buffer => readFileSync(require.resolve(fontFiles[typeface]));

/** The sheet's file, in the format its case asks for. */
export async function drawSheet(
  sheet: FormSheet,
  mediaType: 'image/png' | 'image/jpeg' | 'application/pdf',
): Promise<Buffer> {
  const pages = layOutSheet(sheet);
  if (mediaType === 'application/pdf' && sheet.pdf !== 'image') return drawPdf(pages);
  const pictures = await Promise.all(pages.map((marks) => drawPicture(marks, sheet)));
  if (mediaType === 'application/pdf') return pdfOfPictures(pictures);
  const [first] = pictures;
  if (!first) throw new Error('The sheet has no page.');
  return mediaType === 'image/png' ? first : asJpeg(first, sheet);
}

async function drawPicture(marks: readonly Mark[], sheet: FormSheet): Promise<Buffer> {
  for (const typeface of typefaces) GlobalFonts.register(readFont(typeface), `form-${typeface}`);
  const canvas = createCanvas(Math.round(pageSize.width * scale), Math.round(pageSize.height * scale));
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(scale, scale);
  context.fillStyle = 'black';
  context.strokeStyle = 'black';
  for (const mark of marks) {
    if (mark.kind === 'text') {
      context.font = `${mark.size}px form-${mark.typeface}`;
      context.save();
      context.translate(mark.x, mark.baseline);
      if (mark.climbs) context.rotate(-Math.PI / 2);
      context.fillText(mark.text, 0, 0);
      context.restore();
    } else if (mark.kind === 'box') {
      context.lineWidth = 0.8;
      context.strokeRect(mark.x, mark.y, mark.width, mark.height);
    } else {
      for (let x = mark.x; x < mark.x + mark.width; x += 3) context.fillRect(x, mark.y, 0.8, 0.8);
    }
  }
  const { tiltDegrees = 0, grain = 0 } = sheet.capture ?? {};
  let picture = sharp(canvas.toBuffer('image/png')).greyscale();
  if (tiltDegrees !== 0) picture = picture.rotate(tiltDegrees, { background: 'white' });
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  addGrain(data, grain);
  return sharp(data, { raw: { width: info.width, height: info.height, channels: 1 } })
    .withMetadata({ density: dotsPerInch })
    .png({ compressionLevel: 9, palette: grain === 0, colours: 8, dither: 0 })
    .toBuffer();
}

/** Sensor noise from a fixed linear congruential sequence, so that a rendering can be repeated. */
function addGrain(pixels: Buffer, strength: number): void {
  if (strength === 0) return;
  let state = 20_260_101;
  for (let index = 0; index < pixels.length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const noise = ((state >>> 16) / 65_535 - 0.5) * 2 * strength;
    pixels[index] = Math.max(0, Math.min(255, (pixels[index] ?? 0) - strength + noise));
  }
}

async function asJpeg(picture: Buffer, sheet: FormSheet): Promise<Buffer> {
  const sideways = sheet.capture?.exifSideways ?? false;
  // Orientation 6: "rotate 90° clockwise to show", so the stored picture is turned the other way.
  const stored = sideways ? await sharp(picture).rotate(270).png().toBuffer() : picture;
  return sharp(stored)
    .withMetadata({ density: dotsPerInch, ...(sideways && { orientation: 6 }) })
    .jpeg({ quality: 42 })
    .toBuffer();
}

const newPdf = (): PDFKit.PDFDocument =>
  new PdfDocument({
    autoFirstPage: false,
    margin: 0,
    info: { Title: 'Synthetic intake form', CreationDate: new Date('2026-01-01T00:00:00Z') },
  });

export function collectPdf(pdf: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => {
      resolve(Buffer.concat(chunks));
    });
    pdf.on('error', reject);
    pdf.end();
  });
}

function drawPdf(pages: readonly (readonly Mark[])[]): Promise<Buffer> {
  const pdf = newPdf();
  for (const typeface of typefaces) pdf.registerFont(typeface, readFont(typeface));
  for (const marks of pages) {
    pdf.addPage({ size: [pageSize.width, pageSize.height], margin: 0 });
    for (const mark of marks) {
      if (mark.kind === 'text') {
        pdf
          .font(mark.typeface)
          .fontSize(mark.size)
          .text(mark.text, mark.x, mark.baseline, { lineBreak: false, baseline: 'alphabetic' });
      } else if (mark.kind === 'box') {
        pdf.lineWidth(0.8).rect(mark.x, mark.y, mark.width, mark.height).stroke();
      } else {
        pdf
          .lineWidth(0.8)
          .dash(0.8, { space: 2.2 })
          .moveTo(mark.x, mark.y)
          .lineTo(mark.x + mark.width, mark.y)
          .stroke()
          .undash();
      }
    }
  }
  return collectPdf(pdf);
}

function pdfOfPictures(pictures: readonly Buffer[]): Promise<Buffer> {
  const pdf = newPdf();
  for (const picture of pictures) {
    pdf.addPage({ size: [pageSize.width, pageSize.height], margin: 0 });
    pdf.image(picture, 0, 0, { width: pageSize.width, height: pageSize.height });
  }
  return collectPdf(pdf);
}

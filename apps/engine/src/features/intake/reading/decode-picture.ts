import type { Buffer } from 'node:buffer';
import process from 'node:process';
import sharp, { type Sharp } from 'sharp';
import { IntakeReadingError } from './errors.ts';
import { limits } from './limits.ts';
import type { PageImage } from './page-image.ts';

// libvips may move a decoded picture above 100 MB to a file in the temp folder: unscrubbed pixels on a disk. It reads this
// setting when the first picture is opened; the pixel limit keeps the memory it then uses below this size.
process.env['VIPS_DISC_THRESHOLD'] = '2g';
// The operation cache would keep pixels of earlier forms.
sharp.cache(false);

/**
 * PNG or JPEG → one upright grey page. The size is checked on the header, before a pixel is decoded; a file that
 * ends early or has broken parts is refused, since what is missing may be a field.
 * @throws IntakeReadingError intake-picture-too-large, intake-file-damaged
 */
export async function decodePicture(bytes: Buffer): Promise<PageImage> {
  const { width, height } = await readSize(bytes);
  if (width * height > limits.inputPixels || Math.max(width, height) > limits.inputSide) {
    throw new IntakeReadingError('intake-picture-too-large', { detail: `${width} x ${height} pixels` });
  }
  const size = ocrSize(width, height);
  try {
    const { data, info } = await open(bytes)
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .greyscale()
      .resize({ ...size, fit: 'fill' })
      .toColourspace('b-w')
      .raw({ depth: 'uchar' })
      .timeout({ seconds: limits.decodeSeconds })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 1 || data.length !== info.width * info.height) {
      throw new Error(`${info.channels} channels, ${data.length} bytes`);
    }
    const pixels = new Uint8Array(data.length);
    pixels.set(data);
    data.fill(0);
    return { width: info.width, height: info.height, pixels };
  } catch (cause) {
    throw new IntakeReadingError('intake-file-damaged', { cause });
  }
}

const open = (bytes: Buffer): Sharp =>
  sharp(bytes, { limitInputPixels: limits.inputPixels, failOn: 'warning', animated: false });

async function readSize(bytes: Buffer): Promise<{ width: number; height: number }> {
  try {
    // The header alone, without the pixel limit, so that a picture too large is named as such.
    const { autoOrient } = await sharp(bytes, { limitInputPixels: false }).metadata();
    return autoOrient;
  } catch (cause) {
    throw new IntakeReadingError('intake-file-damaged', { cause });
  }
}

/** The size at which OCR reads best: at most A4 at 300 dpi, and no text left tiny. */
function ocrSize(width: number, height: number): { width: number; height: number } {
  const longSide = Math.max(width, height);
  const scale =
    longSide > limits.ocrLongSide
      ? limits.ocrLongSide / longSide
      : longSide < limits.ocrShortestLongSide
        ? 2
        : 1;
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

import sharp, { type Sharp } from 'sharp';
import { EngineError } from '../../error.ts';

/** Bounds of an upload; each is checked before the work it bounds. */
export const largestPicture = 20 * 1024 * 1024;
const mostPixels = 40_000_000;
const longestSide = 15_000;
const decodeSeconds = 20;
const thumbnailSide = 320;

export type PictureType = 'image/png' | 'image/jpeg' | 'image/webp';

export interface CleanPicture {
  readonly bytes: Buffer;
  readonly mediaType: PictureType;
  readonly width: number;
  readonly height: number;
}

/** By the first bytes; a file name or a declared type is never asked. @throws EngineError picture-type-refused */
function typeOf(bytes: Buffer): PictureType {
  if (bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) return 'image/png';
  if (bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex'))) return 'image/jpeg';
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return 'image/webp';
  throw new EngineError('picture-type-refused');
} // prettier-ignore

/**
 * The picture drawn anew: nothing of the file but its pixels reaches the encoder, so EXIF, GPS, XMP, colour profiles,
 * comments, and what stands behind the picture's end, stay behind. The declared size is checked before a pixel is decoded.
 * @throws EngineError picture-type-refused, picture-too-large, picture-damaged
 */
export async function sanitisePicture(bytes: Buffer): Promise<CleanPicture> {
  const mediaType = typeOf(bytes);
  const { width, height, deep, grey } = await readHeader(bytes);
  if (width * height > mostPixels || Math.max(width, height) > longestSide)
    throw new EngineError('picture-too-large', { detail: `${width} x ${height} pixels` });
  try {
    // Radiographs come in 16 bits of grey, and keep them where the format does.
    const space = deep && mediaType === 'image/png' ? (grey ? 'grey16' : 'rgb16') : grey ? 'b-w' : 'srgb';
    const { data, info } = await encode(open(bytes).autoOrient().toColourspace(space), mediaType)
      .timeout({ seconds: decodeSeconds })
      .toBuffer({ resolveWithObject: true });
    return { bytes: data, mediaType, width: info.width, height: info.height };
  } catch (cause) {
    throw new EngineError('picture-damaged', { cause });
  }
}

/** @throws EngineError picture-damaged */
export async function drawThumbnail(bytes: Buffer): Promise<Buffer> {
  try {
    return await open(bytes)
      .resize({ width: thumbnailSide, height: thumbnailSide, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .webp({ quality: 80 })
      .timeout({ seconds: decodeSeconds })
      .toBuffer();
  } catch (cause) {
    throw new EngineError('picture-damaged', { cause });
  }
}

const open = (bytes: Buffer): Sharp =>
  sharp(bytes, { limitInputPixels: mostPixels, failOn: 'warning', animated: false });

function encode(picture: Sharp, mediaType: PictureType): Sharp {
  if (mediaType === 'image/png') return picture.png({ compressionLevel: 9 });
  // As little as can be lost a second time.
  if (mediaType === 'image/jpeg') return picture.jpeg({ quality: 95, chromaSubsampling: '4:4:4' });
  return picture.webp({ quality: 95, smartSubsample: true });
}

/** The header alone, without the pixel limit, so that a picture too large is named as such. */
async function readHeader(bytes: Buffer) {
  try {
    const { autoOrient, depth, channels } = await sharp(bytes, { limitInputPixels: false }).metadata();
    return { ...autoOrient, deep: depth === 'ushort', grey: channels < 3 };
  } catch (cause) {
    throw new EngineError('picture-damaged', { cause });
  }
}

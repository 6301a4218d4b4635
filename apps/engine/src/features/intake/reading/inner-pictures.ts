import type { PDFiumModule } from '@hyzyla/pdfium';

/** The module, with functions that the package's types leave out (fpdfview.h, fpdf_edit.h). */
export interface Pdfium extends Awaited<ReturnType<typeof PDFiumModule>> {
  /** −1 when the document has no encryption dictionary. */
  _FPDF_GetSecurityHandlerRevision(document: number): number;
  _FPDFFormObj_CountObjects(form: number): number;
  _FPDFFormObj_GetObject(form: number, index: number): number;
}

/** FPDF_PAGEOBJ_… of fpdf_edit.h. */
const IMAGE = 3;
const FORM = 5;
/** Drawings within drawings are followed this deep, and this many objects are looked at: more belongs on no form. */
const MOST_LEVELS = 8;
const MOST_OBJECTS = 100_000;

/**
 * Whether a picture on the page, or in a drawing that the page uses, has more pixels than `mostPixels` by what the file
 * says of it, or there is more on the page than can be looked through. Nothing is decoded: a few kilobytes can declare
 * a picture that takes minutes to unpack. What patterns and fonts hold is not listed by PDFium; the limits on time and
 * memory hold there.
 */
export function holdsTooLargePicture(pdfium: Pdfium, page: number, mostPixels: number): boolean {
  const sizes = pdfium.wasmExports.malloc(8);
  let looked = 0;
  const isTooLarge = (object: number, level: number): boolean => {
    looked += 1;
    const type = pdfium._FPDFPageObj_GetType(object);
    if (type === FORM) return level === MOST_LEVELS || some(formObjects(pdfium, object), level + 1);
    if (type !== IMAGE) return false;
    // Without a size nothing is drawn.
    if (pdfium._FPDFImageObj_GetImagePixelSize(object, sizes, sizes + 4) === 0) return false;
    const [width = 0, height = 0] = new Uint32Array(pdfium.HEAPU8.buffer, sizes, 2);
    return width * height > mostPixels;
  };
  const some = (objects: Iterable<number>, level: number): boolean => {
    for (const object of objects) if (looked >= MOST_OBJECTS || isTooLarge(object, level)) return true;
    return false;
  };
  try {
    return some(pageObjects(pdfium, page), 0);
  } finally {
    pdfium.wasmExports.free(sizes);
  }
}

function* pageObjects(pdfium: Pdfium, page: number): Generator<number> {
  const count = pdfium._FPDFPage_CountObjects(page);
  for (let index = 0; index < count; index += 1) yield pdfium._FPDFPage_GetObject(page, index);
}

function* formObjects(pdfium: Pdfium, form: number): Generator<number> {
  const count = pdfium._FPDFFormObj_CountObjects(form);
  for (let index = 0; index < count; index += 1) yield pdfium._FPDFFormObj_GetObject(form, index);
}

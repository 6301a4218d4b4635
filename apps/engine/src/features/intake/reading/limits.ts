/** Every bound of the reader in one place. Each is checked before the work it bounds. */
export const limits = {
  /** Upload, in bytes. */
  fileBytes: 20 * 1024 * 1024,
  /** Width times height as the header declares them, before a pixel is decoded; of a picture inside a PDF as well. */
  inputPixels: 40_000_000,
  /** One side of a picture, in pixels. */
  inputSide: 15_000,
  pdfPages: 10,
  /** One side of a PDF page, in points: the long side of A2. */
  pdfPageSide: 1_684,
  pdfDotsPerInch: 300,
  /** The long side handed to OCR: A4 at 300 dpi. More is shrunk to it. */
  ocrLongSide: 3_508,
  /** A picture whose long side is shorter is doubled: text below about 20 pixels is misread. */
  ocrShortestLongSide: 1_200,
  /** Words kept of one page. */
  wordsPerPage: 5_000,
  /** Characters of one word, and of one page: what an engine may answer. */
  wordCharacters: 400,
  pageCharacters: 500_000,
  /** Of a remote engine's whole answer. */
  engineAnswerCharacters: 24_000_000,
  /**
   * What one WebAssembly instance (OCR, PDF) may grow to. OCR of the largest page takes about 180 MB, a page of A4 scanned at
   * 600 dpi in colour and saved as progressive JPEG 300 MB.
   */
  wasmMegabytes: 384,
  /** Pixels from the page's corner. */
  ocrCoordinate: 100_000,
  decodeSeconds: 15,
  renderPageMs: 15_000,
  readPageMs: 45_000,
  redactPageMs: 15_000,
  readFormMs: 240_000,
} as const;

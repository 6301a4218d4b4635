/** One page in memory: eight-bit grey, row by row, no padding. */
export interface PageImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array<ArrayBuffer>;
}

/** Overwrites a buffer this feature owns. A buffer handed to another thread has length 0 and is left alone. */
export function wipe(bytes: Uint8Array): void {
  if (bytes.length > 0) bytes.fill(0);
}

import { isUtf8 } from 'node:buffer';
import { type Place, TransparencyLogError, type TransparencyLogErrorCode } from '../error.ts';

/** What parsers accept: the file's bytes, or its text. */
export type TextInput = string | Uint8Array;

export interface ParseOptions {
  /** Name of the file, for error messages. */
  readonly source?: string | undefined;
}

/** A text under inspection, which turns a position into the line and byte that an error names. */
export class SourceText {
  readonly text: string;
  readonly #source: string | undefined;

  /**
   * Takes in a text of the C2SP family: UTF-8, no control characters but newline (C2SP signed-note, "Format").
   * @throws TransparencyLogError `input-too-large` or `text-invalid`
   */
  constructor(input: TextInput, maxBytes: number, options: ParseOptions = {}) {
    this.#source = options.source;
    // A string has at least as many bytes as units, so a huge one is refused before it is walked.
    if (input.length > maxBytes) this.#refuseSize(input.length, maxBytes);
    this.text = typeof input === 'string' ? input : this.#decode(input);
    const encoded = Buffer.byteLength(this.text);
    if (encoded > maxBytes) this.#refuseSize(encoded, maxBytes);
    const unpaired = this.text.search(/\p{Surrogate}/u);
    if (unpaired >= 0) throw this.error('text-invalid', unpaired, 'an unpaired surrogate');
    for (let at = 0; at < this.text.length; at += 1) {
      const unit = this.text.charCodeAt(at);
      if (unit < 0x20 && unit !== 0x0a) throw this.error('text-invalid', at, `control character ${unit}`);
    }
  }

  error(code: TransparencyLogErrorCode, at: number, detail: string): TransparencyLogError {
    return new TransparencyLogError(code, { place: this.#place(at), detail });
  }

  #place(at: number): Place {
    const before = this.text.slice(0, at);
    return { source: this.#source, line: before.split('\n').length, byte: Buffer.byteLength(before) };
  }

  #decode(input: Uint8Array): string {
    const text = Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('utf8');
    if (!isUtf8(input)) {
      throw new TransparencyLogError('text-invalid', {
        place: { source: this.#source, byte: firstInvalidByte(input, text) },
        detail: 'not UTF-8',
      });
    }
    return text;
  }

  #refuseSize(bytes: number, maxBytes: number): never {
    throw new TransparencyLogError('input-too-large', {
      place: { source: this.#source, byte: maxBytes },
      detail: `at least ${bytes} bytes, ${maxBytes} allowed`,
    });
  }
}

/** The text up to the first replacement character that was not itself in the input is intact, and so is its length. */
function firstInvalidByte(input: Uint8Array, decoded: string): number {
  for (let at = decoded.indexOf('\ufffd'); at >= 0; at = decoded.indexOf('\ufffd', at + 1)) {
    const byte = Buffer.byteLength(decoded.slice(0, at));
    if (!(input[byte] === 0xef && input[byte + 1] === 0xbf && input[byte + 2] === 0xbd)) return byte;
  }
  return input.length;
}

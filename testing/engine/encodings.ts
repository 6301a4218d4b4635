/** Base64 of bytes that begin at any place of a group of three: the characters that no neighbour changes. */
export function base64Phases(bytes: Buffer): Buffer[] {
  return [0, 1, 2].map((phase) => {
    const text = Buffer.concat([Buffer.alloc(phase), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const spoiltAtEnd = (phase + bytes.length) % 3 === 0 ? 0 : 1;
    return Buffer.from(text.slice(phase === 0 ? 0 : phase + 1, text.length - spoiltAtEnd), 'ascii');
  });
}

/** Bytes as they are, in base64 of any phase, and in hexadecimal of both cases. */
export function encodingsOf(bytes: Buffer): Buffer[] {
  const hex = bytes.toString('hex');
  return [bytes, ...base64Phases(bytes), Buffer.from(hex), Buffer.from(hex.toUpperCase())];
}

/** The same of a text in UTF-8 and in UTF-16 of both orders. */
export function encodingsOfText(text: string): Buffer[] {
  const little = Buffer.from(text, 'utf16le');
  return [Buffer.from(text, 'utf8'), little, Buffer.from(little).swap16()].flatMap(encodingsOf);
}

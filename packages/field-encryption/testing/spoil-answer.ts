/** What a key service, or somebody in its place, may answer instead. */
import type { ServerResponse } from 'node:http';

export type KeyServerFault =
  /** It takes the question and says nothing. */
  | 'silence'
  /** A byte every tenth of a second. */
  | 'drops'
  | 'ten-megabytes'
  /** It ends the connection in the middle of its answer. */
  | 'half'
  | 'no-json'
  | 'nested-json'
  /** It sends on to another address. */
  | 'redirect'
  /** Of the right form and length, and not the key; or a ciphertext of another one. */
  | 'another-key'
  | 'another-ciphertext';

/** Base64 in place of a key of 32 bytes, and of a ciphertext that its service once made of another one. */
const anotherKey = Buffer.alloc(32, 7).toString('base64');

/** @param earlier what this server answered before; kept up to date */
export function spoilAnswer(
  fault: KeyServerFault,
  response: ServerResponse,
  text: string,
  earlier: { ciphertext?: string },
): void {
  const head = (status = 200): ServerResponse =>
    response.writeHead(status, { connection: 'close', location: 'https://elsewhere.example/' });
  switch (fault) {
    case 'silence':
      return;
    case 'drops': {
      head();
      let sent = 0;
      const timer = setInterval(() => {
        response.write(text[sent] ?? ' ');
        sent += 1;
      }, 100);
      response.once('close', () => {
        clearInterval(timer);
      });
      return;
    }
    case 'ten-megabytes':
      head().end(text + ' '.repeat(10 * 1024 * 1024));
      return;
    case 'half':
      response.writeHead(200, { 'content-length': text.length }).write(text.slice(0, text.length / 2), () => {
        response.destroy();
      });
      return;
    case 'no-json':
      head().end('<html>');
      return;
    case 'nested-json':
      head().end('['.repeat(60_000));
      return;
    case 'redirect':
      head(307).end(text);
      return;
    case 'another-key':
      head().end(text.replace(/("[Pp]laintext":")[^"]+"/, `$1${anotherKey}"`));
      return;
    case 'another-ciphertext': {
      const [, ciphertext] = /"(?:CiphertextBlob|ciphertext)":"([^"]+)"/.exec(text) ?? [];
      head().end(
        ciphertext === undefined ? text : text.replace(ciphertext, earlier.ciphertext ?? ciphertext),
      );
      if (ciphertext !== undefined) earlier.ciphertext = ciphertext;
    }
  }
}

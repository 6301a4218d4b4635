import { TransparencyLogError } from '../error.ts';
import { assertHash, emptyRoot, hashesEqual } from '../merkle/hash.ts';
import { assertCount } from '../merkle/subtree.ts';
import { MAX_NOTE_BYTES, signNote } from '../note/signed-note.ts';
import { type SigningKey } from '../note/signing-key.ts';
import { decodeDecimal, decodeHash, encodeBase64 } from '../text/scalar.ts';
import { type ParseOptions, SourceText, type TextInput } from '../text/source-text.ts';

/** What a log says about itself at one moment. */
export interface Checkpoint {
  /** Names the log, for ever: a URL without its scheme by convention, such as `example.com/log42`. */
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** Further lines that the log signs; nobody else vouches for them. */
  readonly extensions: readonly string[];
}

/**
 * Writes the text of a checkpoint, to be signed.
 * @throws TransparencyLogError `checkpoint-malformed`, `size-invalid`, `hash-invalid`
 * @see https://c2sp.org/tlog-checkpoint
 */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  assertCount(size, 'tree size');
  assertHash(root);
  const text = [origin, size, encodeBase64(root), ...extensions].map((line) => `${line}\n`).join('');
  // Reading it back refuses an origin or extension that would change its meaning, such as one with a newline.
  const read = parseCheckpoint(text);
  if (read.origin !== origin || read.size !== size || read.extensions.length !== extensions.length) {
    throw new TransparencyLogError('checkpoint-malformed');
  }
  return text;
}

/** Writes and signs a checkpoint. The key's name should be the origin. */
export function signCheckpoint(
  checkpoint: Checkpoint,
  keys: readonly SigningKey[],
  timestamp?: number,
): string {
  return signNote(formatCheckpoint(checkpoint), keys, timestamp);
}

/**
 * Reads the text of a checkpoint, without signatures; see openCheckpoint for a signed one.
 * @throws TransparencyLogError `checkpoint-malformed`, `text-invalid` or `input-too-large`, with line and byte
 */
export function parseCheckpoint(text: TextInput, options: ParseOptions = {}): Checkpoint {
  const source = new SourceText(text, MAX_NOTE_BYTES, options);
  return readCheckpoint(source, 0, source.text.length);
}

/** Reads the checkpoint text between two positions of a source. */
export function readCheckpoint(source: SourceText, start: number, end: number): Checkpoint {
  const lines: { readonly text: string; readonly at: number }[] = [];
  for (let at = start; at < end;) {
    const newline = source.text.indexOf('\n', at);
    if (newline < 0 || newline >= end)
      throw source.error('checkpoint-malformed', end, 'the last line has no newline');
    if (newline === at) throw source.error('checkpoint-malformed', at, 'an empty line');
    lines.push({ text: source.text.slice(at, newline), at });
    at = newline + 1;
  }
  const [origin, sizeLine, rootLine, ...extensions] = lines;
  if (origin === undefined || sizeLine === undefined || rootLine === undefined) {
    throw source.error('checkpoint-malformed', end, 'fewer than three lines');
  }
  const size = decodeDecimal(sizeLine.text);
  if (size === undefined)
    throw source.error('checkpoint-malformed', sizeLine.at, 'the tree size is not a decimal');
  const root = decodeHash(rootLine.text);
  if (root === undefined) {
    throw source.error('checkpoint-malformed', rootLine.at, 'the root is not 32 bytes in base64');
  }
  if (size === 0 && !hashesEqual(root, emptyRoot())) {
    throw source.error(
      'checkpoint-malformed',
      rootLine.at,
      'the root of an empty tree is SHA-256 of nothing',
    );
  }
  return { origin: origin.text, size, root, extensions: extensions.map(({ text }) => text) };
}

import { TransparencyLogError } from '../error.ts';
import { decodeBase64, encodeBase64 } from '../text/scalar.ts';
import { type ParseOptions, SourceText, type TextInput } from '../text/source-text.ts';
import { isKeyName } from './key-name.ts';
import { type NoteSignature, type VerifiedSignature, checkSignature, createSignature } from './signature.ts';
import { type SigningKey } from './signing-key.ts';
import { type VerifierKey } from './verifier-key.ts';

export interface SignedNote {
  /** What is signed, with its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface OpenedNote {
  readonly text: string;
  /** By known keys, each verified; a line that is there twice counts once. */
  readonly verified: readonly VerifiedSignature[];
  /** By keys that are not known: they mean nothing. */
  readonly unknown: readonly NoteSignature[];
}

/** C2SP signed-note, "Format": at least 16 must be accepted, and there should be a limit. Go's is 100 as well. */
export const MAX_NOTE_SIGNATURES = 100;
/** Room for 100 post-quantum signatures. */
export const MAX_NOTE_BYTES = 512 * 1024;

const LINE_START = '\u2014 ';
const KEY_ID_BYTES = 4;

/**
 * Takes a signed note apart without verifying anything.
 * @throws TransparencyLogError `input-too-large`, `text-invalid`, `note-malformed` or `note-too-many-signatures`, each
 *   with line and byte
 * @see https://c2sp.org/signed-note
 */
export function parseSignedNote(input: TextInput, options: ParseOptions = {}): SignedNote {
  return readSignedNote(new SourceText(input, MAX_NOTE_BYTES, options), 0);
}

/**
 * Reads a signed note and checks the signatures by known keys. Others are ignored, as the specification demands.
 * @throws TransparencyLogError as parseSignedNote does; `note-signature-invalid` when a signature by a known key is
 *   wrong, `note-unsigned` when there is none, `verifier-key-duplicate` when two known keys have one name and id
 */
export function openSignedNote(
  input: TextInput,
  knownKeys: readonly VerifierKey[],
  options: ParseOptions = {},
): OpenedNote {
  const source = new SourceText(input, MAX_NOTE_BYTES, options);
  return verifyNote(source, readSignedNote(source, 0), knownKeys);
}

/** Writes a note with the given signatures. @throws TransparencyLogError `note-malformed`, `text-invalid` */
export function formatSignedNote({ text, signatures }: SignedNote): string {
  const lines = signatures.map(formatSignatureLine).join('');
  const note = `${text}\n${lines}`;
  // Reading the note back refuses a text or name that would change its meaning.
  if (parseSignedNote(note).text !== text) throw new TransparencyLogError('note-malformed');
  return note;
}

export function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  if (!/^[0-9a-f]{8}$/.test(keyId)) throw new TransparencyLogError('note-malformed', { detail: 'key id' });
  return `${LINE_START}${name} ${encodeBase64(Buffer.concat([Buffer.from(keyId, 'hex'), signature]))}\n`;
}

/**
 * Signs a text, which must end in a newline, with one or more keys.
 * @param timestamp of cosignatures, in seconds since 1970; now when absent
 */
export function signNote(text: string, keys: readonly SigningKey[], timestamp?: number): string {
  return formatSignedNote({ text, signatures: keys.map((key) => createSignature(text, key, timestamp)) });
}

/** A signature and where its line starts in the source. */
export interface PlacedSignature extends NoteSignature {
  readonly at: number;
}

/** Reads the signed note that starts at `start` and goes on to the end of the source. */
export function readSignedNote(
  source: SourceText,
  start: number,
): { readonly text: string; readonly signatures: readonly PlacedSignature[] } {
  const { text } = source;
  if (!text.endsWith('\n')) throw source.error('note-malformed', text.length, 'the last line has no newline');
  // The text may have empty lines of its own: the signatures follow the last one.
  const split = text.lastIndexOf('\n\n');
  if (split < start) throw source.error('note-malformed', text.length, 'no empty line before signatures');
  const signatures: PlacedSignature[] = [];
  for (let at = split + 2; at < text.length;) {
    if (signatures.length === MAX_NOTE_SIGNATURES) {
      throw source.error('note-too-many-signatures', at, `more than ${MAX_NOTE_SIGNATURES}`);
    }
    const end = text.indexOf('\n', at);
    signatures.push(readSignatureLine(source, at, end));
    at = end + 1;
  }
  if (signatures.length === 0) throw source.error('note-malformed', text.length, 'no signature');
  return { text: text.slice(start, split + 1), signatures };
}

function readSignatureLine(source: SourceText, at: number, end: number): PlacedSignature {
  const line = source.text.slice(at, end);
  if (!line.startsWith(LINE_START)) throw source.error('note-malformed', at, 'not a signature line');
  const space = line.indexOf(' ', LINE_START.length);
  const name = line.slice(LINE_START.length, space < 0 ? undefined : space);
  if (!isKeyName(name)) throw source.error('note-malformed', at + LINE_START.length, 'not a key name');
  if (space < 0) throw source.error('note-malformed', end, 'no signature after the key name');
  const bytes = decodeBase64(line.slice(space + 1));
  if (bytes === undefined || bytes.length <= KEY_ID_BYTES) {
    throw source.error('note-malformed', at + space + 1, 'the signature is not base64 of more than 4 bytes');
  }
  const keyId = Buffer.from(bytes.subarray(0, KEY_ID_BYTES)).toString('hex');
  return { name, keyId, signature: bytes.subarray(KEY_ID_BYTES), at };
}

export function verifyNote(
  source: SourceText,
  note: { readonly text: string; readonly signatures: readonly PlacedSignature[] },
  knownKeys: readonly VerifierKey[],
): OpenedNote {
  const keys = new Map<string, VerifierKey>();
  for (const key of knownKeys) {
    const id = `${key.name} ${key.keyId}`;
    if (keys.has(id)) throw new TransparencyLogError('verifier-key-duplicate', { detail: key.keyId });
    keys.set(id, key);
  }
  const verified: VerifiedSignature[] = [];
  const unknown: NoteSignature[] = [];
  const seen = new Set<string>();
  for (const { at, ...signature } of note.signatures) {
    const line = formatSignatureLine(signature);
    if (seen.has(line)) continue;
    seen.add(line);
    const key = keys.get(`${signature.name} ${signature.keyId}`);
    if (key === undefined) {
      unknown.push(signature);
      continue;
    }
    const good = checkSignature(note.text, signature, key);
    if (good === undefined) throw source.error('note-signature-invalid', at, `key ${key.name}+${key.keyId}`);
    verified.push(good);
  }
  if (verified.length === 0) {
    throw source.error('note-unsigned', source.text.length, `${unknown.length} signatures by unknown keys`);
  }
  return { text: note.text, verified, unknown };
}

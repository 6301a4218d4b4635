/** Each code with the sentence a person is shown. The sentences never hold input. */
const publicMessages = {
  'input-too-large': 'The file is larger than this format allows; check that it is the right file.',
  'text-invalid':
    'The file is not plain text in UTF-8 with newline line ends; fetch it again without conversion.',
  'hash-invalid': 'A hash must be exactly 32 bytes; pass the SHA-256 value itself.',
  'entry-invalid': 'An entry must be given as bytes; encode text as UTF-8 first.',
  'size-invalid': 'A tree size or entry index must be a whole number below 2^53; check the value.',
  'tree-empty': 'A tree of size 0 has no entries and proves nothing; use a checkpoint of a larger tree.',
  'index-out-of-range': 'The entry lies outside the tree; use a checkpoint that covers it.',
  'compact-range-invalid': 'The saved tree state does not fit its size; rebuild it from the leaves.',
  'proof-malformed': 'The proof file is damaged or cut short; fetch it again.',
  'proof-length-wrong': 'The proof has too few or too many hashes for this tree; fetch it again.',
  'inclusion-unproven':
    'The proof does not show that this entry is in this tree; treat the entry as not logged.',
  'consistency-unproven':
    'The proof does not show that the newer tree keeps the older one; treat the log as tampered with.',
  'sizes-out-of-order': 'The older tree is larger than the newer one; treat the log as rolled back.',
  'fork-detected':
    'Two trees of one size have different roots; keep both checkpoints and treat the log as forked.',
  'tile-path-invalid': 'The path is not that of a tile or an entry bundle; check its spelling.',
  'tile-missing': 'A tile that the checkpoint requires is missing; restore it from a copy.',
  'tile-length-wrong': 'A tile is cut short or too long; restore it from a copy.',
  'tile-damaged': 'A tile does not match the tree; restore it from a copy and find out who changed it.',
  'bundle-malformed': 'An entry bundle is damaged or cut short; restore it from a copy.',
  'bundle-entry-changed':
    'An entry does not match its leaf in the tree; restore it from a copy and find out who changed it.',
  'key-name-invalid':
    'A key name must not be empty and must have no spaces, plus signs or control characters.',
  'verifier-key-malformed': 'The verifier key is not of the form name+id+key; copy it again in full.',
  'verifier-key-unsupported':
    'The verifier key is of a type this library does not check; use an Ed25519 key.',
  'verifier-key-weak': 'The public key is one under which anybody can sign; generate a new key.',
  'verifier-key-duplicate':
    'One public key is listed twice; list each log and each witness once, with a key of its own.',
  'signing-key-malformed': 'The signing key cannot be used; generate an Ed25519 key and pass it whole.',
  'note-malformed': 'The signed note is damaged or cut short; fetch it again.',
  'note-too-many-signatures': 'The signed note has more signatures than are accepted; fetch it again.',
  'note-text-reserved': 'The text starts like a cosignature and must not be signed as a plain note.',
  'note-signature-invalid': 'A signature by a known key is wrong; treat the note as forged.',
  'note-unsigned': 'No known key has signed this note; check the verifier keys, or treat the note as forged.',
  'timestamp-invalid': 'A timestamp must be whole seconds since 1970; check the clock.',
  'checkpoint-malformed': 'The checkpoint is damaged; fetch it again.',
  'checkpoint-origin-wrong': 'The checkpoint belongs to another log; use the one of the log you trust.',
  'quorum-invalid': 'The quorum must lie between 0 and the number of witnesses; correct the trust settings.',
  'quorum-missing': 'Too few witnesses have cosigned this checkpoint; wait for more cosignatures.',
  'witness-request-malformed': 'The request to the witness is damaged or cut short; send it again.',
  'witness-size-stale': 'The witness has cosigned another size since; ask for its size and prove from there.',
  'entry-too-large': 'An entry of more than 65,535 bytes cannot be published; log its hash in its place.',
  'salt-invalid': 'A salt must be exactly 32 random bytes; use generateSalt().',
  'value-not-canonical':
    'Only plain JSON values have a canonical form; convert dates, big integers and classes to strings.',
} as const;

export type TransparencyLogErrorCode = keyof typeof publicMessages;

/** Every code, for the test that holds the error page and the code together. */
export const transparencyLogErrorCodes = Object.keys(publicMessages) as readonly TransparencyLogErrorCode[];

/** Where in which input the fault was found. Lines count from 1, bytes from 0. */
export interface Place {
  /** Name of the file, tile or bundle, as its reader called it. */
  readonly source?: string | undefined;
  readonly line?: number | undefined;
  readonly byte?: number | undefined;
}

export class TransparencyLogError extends Error {
  override readonly name = 'TransparencyLogError';
  readonly code: TransparencyLogErrorCode;
  readonly publicMessage: string;
  /** For the log's reader: what was expected and what was found. */
  readonly detail: string | undefined;
  readonly place: Place | undefined;

  constructor(
    code: TransparencyLogErrorCode,
    more: { detail?: string | undefined; place?: Place | undefined; cause?: unknown } = {},
  ) {
    const place = more.place === undefined ? '' : describePlace(more.place);
    super(
      `${code}: ${publicMessages[code]}${place === '' ? '' : ` [${place}]`}`,
      more.cause === undefined ? undefined : { cause: more.cause },
    );
    this.code = code;
    this.publicMessage = publicMessages[code];
    this.detail = more.detail;
    this.place = more.place;
  }
}

function describePlace(place: Place): string {
  return [
    place.source,
    place.line === undefined ? undefined : `line ${place.line}`,
    place.byte === undefined ? undefined : `byte ${place.byte}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

import { type OpenedCheckpoint, readOpenCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { type LogTrust } from '../checkpoint/log-trust.ts';
import { TransparencyLogError } from '../error.ts';
import { assertHash } from '../merkle/hash.ts';
import { verifyInclusion } from '../merkle/inclusion.ts';
import { assertCount } from '../merkle/subtree.ts';
import { MAX_NOTE_BYTES, readSignedNote } from '../note/signed-note.ts';
import { decodeBase64, decodeDecimal, decodeHash, encodeBase64 } from '../text/scalar.ts';
import { type ParseOptions, SourceText, type TextInput } from '../text/source-text.ts';

/** The contents of a `.tlog-proof` file. */
export interface TlogProof {
  /** Zero-based index of the entry. */
  readonly index: number;
  /** Inclusion proof, from the leaf's sibling up. */
  readonly hashes: readonly Uint8Array[];
  /** The signed checkpoint, word for word. */
  readonly checkpoint: string;
  /** Whatever the application needs to rebuild the entry. Nothing vouches for it but the entry's hash. */
  readonly extra: Uint8Array | undefined;
}

export interface VerifiedTlogProof extends OpenedCheckpoint {
  readonly index: number;
  readonly extra: Uint8Array | undefined;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
const MAX_HASHES = 63;
export const MAX_EXTRA_BYTES = 256 * 1024;
const MAX_PROOF_BYTES = MAX_NOTE_BYTES + 2 * MAX_EXTRA_BYTES;

/** Writes a `.tlog-proof` file. @see https://c2sp.org/tlog-proof */
export function formatTlogProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  assertCount(index, 'index');
  hashes.forEach(assertHash);
  const lines = [
    HEADER,
    ...(extra === undefined ? [] : [`extra ${encodeBase64(extra)}`]),
    `index ${index}`,
    ...hashes.map(encodeBase64),
    '',
    '',
  ];
  const proof = lines.join('\n') + checkpoint;
  parseTlogProof(proof);
  return proof;
}

/**
 * Takes a `.tlog-proof` file apart without verifying anything.
 * @throws TransparencyLogError `proof-malformed`, `note-malformed`, `note-too-many-signatures`, `text-invalid` or
 *   `input-too-large`, with line and byte
 */
export function parseTlogProof(input: TextInput, options: ParseOptions = {}): TlogProof {
  const source = new SourceText(input, MAX_PROOF_BYTES, options);
  const { index, hashes, extra, checkpointAt } = readTlogProof(source);
  readSignedNote(source, checkpointAt);
  return { index, hashes, checkpoint: source.text.slice(checkpointAt), extra };
}

/**
 * Verifies a `.tlog-proof` file, with no other help than the trusted keys: the checkpoint is of the trusted log, signed
 * and cosigned as `trust` demands, and the leaf stands in its tree. It shows that the entry was logged; it cannot show
 * that no other entry is missing.
 * @param leafHash of the entry as the verifier has it, never as the file states it; see hashLeaf
 * @throws TransparencyLogError as parseTlogProof, openCheckpoint and verifyInclusion do
 */
export function verifyTlogProof(
  input: TextInput,
  {
    leafHash,
    trust,
    source: name,
  }: ParseOptions & { readonly leafHash: Uint8Array; readonly trust: LogTrust },
): VerifiedTlogProof {
  const source = new SourceText(input, MAX_PROOF_BYTES, { source: name });
  const { index, hashes, extra, checkpointAt, indexAt } = readTlogProof(source);
  const opened = readOpenCheckpoint(source, checkpointAt, trust);
  try {
    const { size, root } = opened.checkpoint;
    verifyInclusion({ index, leafHash, size, root, proof: hashes });
  } catch (error) {
    if (!(error instanceof TransparencyLogError)) throw error;
    // The arithmetic knows no file: name the place where the claim is made.
    const { place } = source.error(error.code, indexAt, '');
    throw new TransparencyLogError(error.code, { place, detail: error.detail, cause: error });
  }
  return { ...opened, index, extra };
}

interface ReadProof {
  readonly index: number;
  readonly indexAt: number;
  readonly hashes: readonly Uint8Array[];
  readonly extra: Uint8Array | undefined;
  readonly checkpointAt: number;
}

function readTlogProof(source: SourceText): ReadProof {
  let at = 0;
  const nextLine = (): string => {
    const end = source.text.indexOf('\n', at);
    if (end < 0) throw source.error('proof-malformed', source.text.length, 'the file ends too early');
    const line = source.text.slice(at, end);
    at = end + 1;
    return line;
  };
  if (nextLine() !== HEADER) throw source.error('proof-malformed', 0, `the first line is not ${HEADER}`);
  let indexAt = at;
  let line = nextLine();
  let extra: Uint8Array | undefined;
  if (line.startsWith('extra ')) {
    extra = decodeBase64(line.slice('extra '.length));
    if (extra === undefined) throw source.error('proof-malformed', indexAt, 'the extra data is not base64');
    if (extra.length > MAX_EXTRA_BYTES) throw source.error('input-too-large', indexAt, 'too much extra data');
    indexAt = at;
    line = nextLine();
  }
  const index = line.startsWith('index ') ? decodeDecimal(line.slice('index '.length)) : undefined;
  if (index === undefined) throw source.error('proof-malformed', indexAt, 'not "index" and a decimal');
  const hashes: Uint8Array[] = [];
  for (let hashAt = at; ; hashAt = at) {
    line = nextLine();
    if (line.length === 0) return { index, indexAt, hashes, extra, checkpointAt: at };
    const sibling = decodeHash(line);
    if (sibling === undefined) throw source.error('proof-malformed', hashAt, 'not 32 bytes in base64');
    if (hashes.length === MAX_HASHES)
      throw source.error('proof-malformed', hashAt, `more than ${MAX_HASHES} hashes`);
    hashes.push(sibling);
  }
}

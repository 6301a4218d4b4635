import { MAX_NOTE_BYTES } from '../note/signed-note.ts';
import { decodeDecimal, decodeHash, encodeBase64 } from '../text/scalar.ts';
import { type ParseOptions, SourceText, type TextInput } from '../text/source-text.ts';

/** What a log sends a witness: a checkpoint, and the proof that it keeps what the witness saw last. */
export interface WitnessRequest {
  /** Size of the last checkpoint the witness cosigned; 0 for none. */
  readonly oldSize: number;
  /** Consistency proof from that size; empty when it is 0. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint, word for word. */
  readonly checkpoint: string;
}

/** C2SP tlog-witness, "add-checkpoint". */
const MAX_PROOF_LINES = 63;
/** 63 lines of 45 characters and the old size, beside the checkpoint. */
const MAX_REQUEST_BYTES = MAX_NOTE_BYTES + 4096;

/** Writes the body of an add-checkpoint request. @see https://c2sp.org/tlog-witness */
export function formatWitnessRequest({ oldSize, proof, checkpoint }: WitnessRequest): string {
  const lines = [`old ${oldSize}`, ...proof.map(encodeBase64), '', ''];
  const request = lines.join('\n') + checkpoint;
  parseWitnessRequest(request);
  return request;
}

/**
 * Reads the body of an add-checkpoint request; the checkpoint in it is not looked at.
 * @throws TransparencyLogError `witness-request-malformed`, `text-invalid` or `input-too-large`, with line and byte
 */
export function parseWitnessRequest(input: TextInput, options: ParseOptions = {}): WitnessRequest {
  const source = new SourceText(input, MAX_REQUEST_BYTES, options);
  const { text } = source;
  const oldSize = decodeDecimal(/^old (\d+)\n/.exec(text)?.[1] ?? '');
  if (oldSize === undefined)
    throw source.error('witness-request-malformed', 0, 'the first line is not "old SIZE"');
  const proof: Uint8Array[] = [];
  let at = text.indexOf('\n') + 1;
  for (;;) {
    const end = text.indexOf('\n', at);
    if (end < 0)
      throw source.error('witness-request-malformed', text.length, 'no empty line before the checkpoint');
    if (end === at) return { oldSize, proof, checkpoint: text.slice(at + 1) };
    const hash = decodeHash(text.slice(at, end));
    if (hash === undefined || proof.length === MAX_PROOF_LINES) {
      throw source.error(
        'witness-request-malformed',
        at,
        `not one of at most ${MAX_PROOF_LINES} hashes in base64`,
      );
    }
    proof.push(hash);
    at = end + 1;
  }
}

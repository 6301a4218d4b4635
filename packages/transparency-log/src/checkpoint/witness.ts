import { TransparencyLogError } from '../error.ts';
import { verifyConsistency } from '../merkle/consistency.ts';
import { createSignature } from '../note/signature.ts';
import {
  MAX_NOTE_BYTES,
  MAX_NOTE_SIGNATURES,
  formatSignatureLine,
  openSignedNote,
  parseSignedNote,
} from '../note/signed-note.ts';
import { type SigningKey } from '../note/signing-key.ts';
import { type VerifierKey } from '../note/verifier-key.ts';
import { type LogTrust } from './log-trust.ts';
import { type OpenedCheckpoint, openCheckpoint } from './open-checkpoint.ts';
import { type WitnessRequest } from './witness-request.ts';

/** The last tree that a witness cosigned for a log. */
export interface WitnessedHead {
  readonly size: number;
  readonly root: Uint8Array;
}

export interface CosigningOptions {
  /** The log's origin and keys; a witness asks for no other witnesses. */
  readonly log: Pick<LogTrust, 'origin' | 'logKeys'>;
  /** What the witness cosigned last; undefined when nothing. */
  readonly latest: WitnessedHead | undefined;
  /** Of kind `cosignature`. */
  readonly key: SigningKey;
  /** Seconds since 1970; now when absent. */
  readonly timestamp?: number | undefined;
}

/**
 * Does a witness's work: cosigns a checkpoint when it keeps everything the witness saw before.
 *
 * The caller must store `head`, on condition that the stored size still is `latest.size`, before it gives the line
 * away: of two requests at once, one must lose, or the witness vouches for a fork (C2SP tlog-witness).
 * @throws TransparencyLogError, with the HTTP status that tlog-witness gives each: `checkpoint-origin-wrong` (404);
 *   `note-unsigned`, `note-signature-invalid` (403); `sizes-out-of-order` and malformed input (400);
 *   `witness-size-stale`, `fork-detected` (409); `consistency-unproven`, `proof-length-wrong` (422)
 */
export function cosignCheckpoint(
  request: WitnessRequest,
  { log, latest, key, timestamp }: CosigningOptions,
): { readonly line: string; readonly head: WitnessedHead; readonly opened: OpenedCheckpoint } {
  if (key.verifierKey.kind !== 'cosignature') {
    throw new TransparencyLogError('signing-key-malformed', { detail: 'not a key for cosignatures' });
  }
  const opened = openCheckpoint(request.checkpoint, { origin: log.origin, logKeys: log.logKeys });
  const { size, root } = opened.checkpoint;
  if (request.oldSize > size) {
    throw new TransparencyLogError('sizes-out-of-order', { detail: `sizes ${request.oldSize} and ${size}` });
  }
  if (request.oldSize !== (latest?.size ?? 0)) {
    throw new TransparencyLogError('witness-size-stale', {
      detail: `last cosigned size ${latest?.size ?? 0}`,
    });
  }
  assertKept(request, latest, { size, root });
  const signature = createSignature(opened.text, key, timestamp);
  return { line: formatSignatureLine(signature), head: { size, root }, opened };
}

function assertKept(request: WitnessRequest, latest: WitnessedHead | undefined, next: WitnessedHead): void {
  if (latest !== undefined && latest.size > 0) {
    verifyConsistency({
      oldSize: latest.size,
      oldRoot: latest.root,
      newSize: next.size,
      newRoot: next.root,
      proof: request.proof,
    });
    return;
  }
  // Every tree keeps the empty one; there is nothing to prove, and a proof of nothing is a mistake.
  if (request.proof.length > 0) {
    throw new TransparencyLogError('proof-length-wrong', { detail: 'from size 0 no hashes are needed' });
  }
}

/**
 * Puts a witness's answer under a checkpoint: the lines by known witnesses, once verified; others are dropped.
 * A newer cosignature takes the place of an older one by the same witness.
 * @throws TransparencyLogError `note-unsigned` when no line is by a known witness, and as openSignedNote does
 */
export function addCosignatures(
  checkpoint: string,
  lines: string,
  witnessKeys: readonly VerifierKey[],
): string {
  const note = parseSignedNote(checkpoint);
  const { text: cosigned, verified } = openSignedNote(`${note.text}\n${lines}`, witnessKeys, {
    source: 'cosignatures',
  });
  // Lines with an empty one among them would have moved the border between text and signatures.
  if (cosigned !== note.text)
    throw new TransparencyLogError('note-malformed', { place: { source: 'cosignatures' } });
  const newer = new Map(verified.map((signature) => [`${signature.name} ${signature.keyId}`, signature]));
  const kept = note.signatures.filter(({ name, keyId }) => !newer.has(`${name} ${keyId}`));
  const merged = [...kept, ...newer.values()];
  if (merged.length > MAX_NOTE_SIGNATURES) throw new TransparencyLogError('note-too-many-signatures');
  const text = `${note.text}\n${merged.map(formatSignatureLine).join('')}`;
  if (Buffer.byteLength(text) > MAX_NOTE_BYTES) throw new TransparencyLogError('input-too-large');
  return text;
}

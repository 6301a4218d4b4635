import { type VerifiedSignature } from '../note/signature.ts';
import { MAX_NOTE_BYTES, readSignedNote, verifyNote } from '../note/signed-note.ts';
import { type ParseOptions, SourceText, type TextInput } from '../text/source-text.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import { type LogTrust, checkTrust } from './log-trust.ts';

export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint;
  /** The text that was signed. */
  readonly text: string;
  readonly logSignatures: readonly VerifiedSignature[];
  /** By trusted witnesses, with their times. */
  readonly cosignatures: readonly VerifiedSignature[];
}

/**
 * Reads a signed checkpoint and believes it only when it is of the trusted log, signed by it, and cosigned by a quorum.
 * @throws TransparencyLogError `checkpoint-malformed`, `checkpoint-origin-wrong`, `quorum-missing`, `quorum-invalid`,
 *   `verifier-key-duplicate`, and as openSignedNote does; faults of the file carry line and byte
 * @see https://c2sp.org/tlog-checkpoint and https://c2sp.org/tlog-cosignature
 */
export function openCheckpoint(
  input: TextInput,
  trust: LogTrust,
  options: ParseOptions = {},
): OpenedCheckpoint {
  return readOpenCheckpoint(new SourceText(input, MAX_NOTE_BYTES, options), 0, trust);
}

/** Opens the checkpoint that starts at `start` and goes on to the end of the source. */
export function readOpenCheckpoint(source: SourceText, start: number, trust: LogTrust): OpenedCheckpoint {
  const { keys, quorum } = checkTrust(trust);
  const note = readSignedNote(source, start);
  const checkpoint = readCheckpoint(source, start, start + note.text.length);
  if (checkpoint.origin !== trust.origin) {
    throw source.error('checkpoint-origin-wrong', start, `expected ${trust.origin}`);
  }
  const { verified } = verifyNote(source, note, keys);
  const logSignatures = verified.filter(({ key }) => trust.logKeys.includes(key));
  const cosignatures = verified.filter(({ key }) => !trust.logKeys.includes(key));
  if (logSignatures.length === 0) {
    throw source.error('note-unsigned', source.text.length, 'no signature by the log itself');
  }
  // A witness may have cosigned one checkpoint more than once, at different times: it still is one witness.
  const witnesses = new Set(cosignatures.map(({ key }) => key.keyId)).size;
  if (witnesses < quorum) {
    throw source.error('quorum-missing', source.text.length, `${witnesses} witnesses of at least ${quorum}`);
  }
  return { checkpoint, text: note.text, logSignatures, cosignatures };
}

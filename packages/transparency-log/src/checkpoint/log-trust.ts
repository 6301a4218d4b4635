import { TransparencyLogError } from '../error.ts';
import { type VerifierKey } from '../note/verifier-key.ts';

/** Whom to believe about one log. It comes from configuration, never from the file under test. */
export interface LogTrust {
  readonly origin: string;
  /** A signature by any one of them is enough: during a key change there are two. */
  readonly logKeys: readonly VerifierKey[];
  readonly witnessKeys?: readonly VerifierKey[] | undefined;
  /** How many of the witnesses must have cosigned. All of them when absent. */
  readonly quorum?: number | undefined;
}

/** Log keys and witness keys as one list, and the quorum, once they make sense together. */
export function checkTrust(trust: LogTrust): {
  readonly keys: readonly VerifierKey[];
  readonly quorum: number;
} {
  const witnessKeys = trust.witnessKeys ?? [];
  const quorum = trust.quorum ?? witnessKeys.length;
  if (!Number.isInteger(quorum) || quorum < 0 || quorum > witnessKeys.length) {
    throw new TransparencyLogError('quorum-invalid', { detail: `${quorum} of ${witnessKeys.length}` });
  }
  const plain = witnessKeys.find(({ kind }) => kind !== 'cosignature');
  if (plain !== undefined) {
    throw new TransparencyLogError('verifier-key-unsupported', {
      detail: `witness key ${plain.keyId} is not for cosignatures`,
    });
  }
  const keys = [...trust.logKeys, ...witnessKeys];
  // An Ed25519 cosignature does not name its witness: under two names, one signature would count as two.
  const seen = new Set<string>();
  for (const { publicKey, keyId } of keys) {
    const id = Buffer.from(publicKey).toString('hex');
    if (seen.has(id)) throw new TransparencyLogError('verifier-key-duplicate', { detail: keyId });
    seen.add(id);
  }
  return { keys, quorum };
}

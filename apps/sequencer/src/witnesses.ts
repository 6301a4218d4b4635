import { tileReaderOf, type LogPlace } from '@cordon/audit-log';
import type { Logger } from '@cordon/service';
import {
  addCosignatures,
  formatWitnessRequest,
  proveConsistency,
  TileReader,
  type VerifierKey,
} from '@cordon/transparency-log';

/** Another Cordon's witness, or any other that speaks C2SP tlog-witness. */
export interface WitnessAddress {
  /** The submission prefix. */
  readonly url: string;
  /** For cosignatures; nobody else's are taken over. */
  readonly key: VerifierKey;
}

export interface SignedHead {
  readonly note: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** Asks every witness for its cosignature; answers the note with those that came. */
export type Cosign = (head: SignedHead) => Promise<string>;

/** Entries wait for their leaves meanwhile: a witness that is slower is asked again with the next kept checkpoint. */
const patienceMs = 1_000;
const longestAnswer = 16 * 1024;

/**
 * A witness that is away, or that refuses, leaves the checkpoint without its cosignature and a line in the log. One that
 * refuses because it has seen another tree is the alarm for which it is asked: an error, at each kept checkpoint.
 */
export function createCosign(place: LogPlace, witnesses: readonly WitnessAddress[], logger: Logger): Cosign {
  const lastSizes = new Map<WitnessAddress, number>();

  async function ask(witness: WitnessAddress, head: SignedHead): Promise<string> {
    const reader = new TileReader({ size: head.size, root: head.root, readTile: tileReaderOf(place) });
    for (const oldSize of [lastSizes.get(witness) ?? 0, undefined]) {
      const from = oldSize ?? lastSizes.get(witness) ?? 0;
      if (from > head.size) throw new WitnessRefusal(`it has cosigned size ${from}`, true);
      const proof = from === 0 ? [] : await proveConsistency(reader, from);
      const answer = await post(
        witness,
        formatWitnessRequest({ oldSize: from, proof, checkpoint: head.note }),
      );
      if (answer.status === 200) {
        lastSizes.set(witness, head.size);
        return addCosignatures(head.note, answer.text, [witness.key]);
      }
      if (answer.status !== 409 || answer.size === undefined)
        throw new WitnessRefusal(`status ${answer.status}`, answer.status === 409 || answer.status === 422);
      lastSizes.set(witness, answer.size);
    }
    throw new WitnessRefusal('its size changed twice', false);
  }

  return async (head) => {
    const answers = await Promise.allSettled(witnesses.map((witness) => ask(witness, head)));
    let { note } = head;
    for (const [turn, answer] of answers.entries()) {
      const witness = witnesses[turn];
      if (witness === undefined) continue;
      if (answer.status === 'fulfilled')
        note = addCosignatures(note, signaturesOf(answer.value), [witness.key]);
      else if (answer.reason instanceof WitnessRefusal && answer.reason.sawAnotherTree)
        logger.error('a witness saw another tree than this one', {
          component: 'witness',
          err: answer.reason,
        });
      else logger.warn('a witness did not cosign', { component: 'witness', err: answer.reason });
    }
    return note;
  };
}

class WitnessRefusal extends Error {
  readonly sawAnotherTree: boolean;
  constructor(detail: string, sawAnotherTree: boolean) {
    super(detail);
    this.sawAnotherTree = sawAnotherTree;
  }
}

async function post(
  { url }: WitnessAddress,
  body: string,
): Promise<{ status: number; text: string; size: number | undefined }> {
  const response = await fetch(new URL('add-checkpoint', url.endsWith('/') ? url : `${url}/`), {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    redirect: 'error',
    signal: AbortSignal.timeout(patienceMs),
  });
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > longestAnswer) throw new WitnessRefusal('its answer is too long', false);
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString('utf8');
  const sized = response.headers.get('content-type')?.startsWith('text/x.tlog.size') === true;
  const size = sized && /^(0|[1-9]\d{0,15})\n$/.test(text) ? Number(text) : undefined;
  return { status: response.status, text, size };
}

/** The signature lines of a note. */
function signaturesOf(note: string): string {
  return note.slice(note.lastIndexOf('\n\n') + 2);
}

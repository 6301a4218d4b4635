import { createHmac, createSecretKey } from 'node:crypto';
import { blindToken } from '@cordon/field-encryption';
import type { RequestCaller } from '../../../caller/caller.ts';
import type { EngineContext } from '../../../pipeline/engine-context.ts';
import type { AskedCall } from '../call.ts';

/**
 * The pseudonyms of one conversation: under a key that tenant, caller, patient and conversation have between them, so the same words
 * get the same one in the next turn and in another process, and no other conversation shares one. Nothing is stored.
 * @throws EngineError `keys-unavailable`
 */
export async function derivePseudonyms(
  engine: EngineContext,
  caller: RequestCaller,
  asked: AskedCall,
): Promise<(words: string) => Uint8Array> {
  // The tenant's key for values that must come out the same again.
  const repeat = await engine.tenantKeys.current(caller.tenantId, 'repeat');
  const whose = JSON.stringify([caller.subject, asked.patientId ?? '', asked.conversation]);
  const raw = blindToken(repeat.key, 'ai-conversation', whose);
  repeat.key.fill(0);
  const key = createSecretKey(raw);
  raw.fill(0);
  return (words) => createHmac('sha256', key).update(words).digest();
}

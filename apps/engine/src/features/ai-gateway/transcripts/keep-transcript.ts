import type { ReadyCall, GatewayParts } from '../call.ts';
import { closeCall } from '../steps/close-call.ts';
import type { UseChange } from '../usage.ts';
import { writeTurns, type Turn } from './transcript-text.ts';
import { keepVisitorTurns } from './visitor-transcript.ts';

/**
 * Writes what the call used. Keeps what was said last and what came back, both without who it was, where the purpose says so; under
 * the data class of the purpose, whose retention then counts.
 * @param answer as the provider wrote it, its pseudonyms replaced by what they stood for
 */
export async function keepTranscript(
  { engine }: GatewayParts,
  call: ReadyCall,
  change: UseChange,
  answer: () => string,
): Promise<void> {
  const { patient, reserved } = call;
  if (!call.purpose.storeSanitisedTranscript || call.asked.dataClassIds !== undefined)
    return closeCall(engine, reserved, change);
  const at = new Date().toISOString();
  const answered = answer();
  const turns: readonly Turn[] = [
    { speaker: speakerOf(call), at, text: lastSaid(call) },
    ...(answered === '' ? [] : [{ speaker: 'assistant', at, text: answered } as const]),
  ];
  if (patient !== null)
    return closeCall(engine, reserved, change, { call, patient, text: writeTurns(turns) });
  await keepVisitorTurns(engine, call, turns);
  await closeCall(engine, reserved, change);
}

function speakerOf({ caller }: ReadyCall): Turn['speaker'] {
  if (caller.role === 'role.patient') return 'patient';
  return caller.role === 'role.public' ? 'visitor' : 'staff';
}

function lastSaid({ prepared }: ReadyCall): string {
  const last = prepared.messages.findLast(({ role }) => role === 'user');
  const content = last?.content ?? '';
  const text = typeof content === 'string' ? content : content.map((part) => part.text).join('\n');
  return prepared.describe(text);
}

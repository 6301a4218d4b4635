import type { ReadyCall, GatewayParts } from '../call.ts';
import { keepPatientTurns } from './patient-transcript.ts';
import type { Turn } from './transcript-text.ts';
import { keepVisitorTurns } from './visitor-transcript.ts';

/**
 * Keeps what was said last and what came back, both without who it was, where the purpose says so; under the data class of the
 * purpose, whose retention then counts.
 * @param answer as the provider wrote it, its pseudonyms replaced by what they stood for
 */
export async function keepTranscript(parts: GatewayParts, call: ReadyCall, answer: string): Promise<void> {
  if (!call.purpose.storeSanitisedTranscript || call.asked.dataClassIds !== undefined) return;
  const at = new Date().toISOString();
  const speaker = speakerOf(call);
  const turns: readonly Turn[] = [
    { speaker, at, text: lastSaid(call) },
    { speaker: 'assistant', at, text: answer },
  ];
  if (call.patient === null) await keepVisitorTurns(parts.engine, call, turns);
  else await keepPatientTurns(parts.engine, call, call.patient, turns);
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

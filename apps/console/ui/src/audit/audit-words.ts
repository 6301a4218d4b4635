import type { AuditEntry } from '../api/types.ts';
import { nameOfRole } from '../parts/roles.ts';
import type { Tone } from '../parts/tag.tsx';
import { fillNoun, sayId } from './action-words.ts';
import { KNOWN_ACTIONS } from './known-actions.ts';

/**
 * Whether the system speaks: it reports the outcome of what a person began, and that entry names nobody.
 * An answer without `initiatorType` is read by what such entries have in common.
 */
function isSystem(entry: AuditEntry): boolean {
  if (entry.initiatorType !== undefined) return entry.initiatorType === 'system';
  return isActorless(entry) && !isRefusal(entry) && isOutcome(entry);
}

function isActorless({ actorRole, actorSubject }: AuditEntry): boolean {
  return actorSubject === null && (actorRole === null || actorRole === '');
}

function isOutcome({ outcome }: Pick<AuditEntry, 'outcome'>): boolean {
  return outcome === 'success' || outcome === 'failure';
}

function sayActor(entry: AuditEntry): string {
  if (isSystem(entry)) return 'The system';
  if (entry.actorRole !== null && entry.actorRole !== '') return nameOfRole(entry.actorRole);
  if (entry.initiatorType === 'service') return 'A service';
  return entry.actorSubject === null ? 'Someone not signed in' : 'Someone with an account';
}

function isRefusal(entry: Pick<AuditEntry, 'decision'>): boolean {
  return entry.decision !== 'permit';
}

/**
 * One entry as a sentence: "Receptionist opened a patient record", "Clinician was not allowed to open a patient record".
 * @param intent what the entry is the outcome of, where it is at hand: it knows the kind of record
 */
export function describeEntry(entry: AuditEntry, intent?: AuditEntry): string {
  const words = KNOWN_ACTIONS.get(entry.action);
  const noun = entry.resourceType ?? intent?.resourceType ?? null;
  const actor = sayActor(entry);
  const plain = sayId(entry.action);
  const did = words === undefined ? null : fillNoun(words.did, noun);
  const to = words?.to === undefined ? null : fillNoun(words.to, noun);

  if (isRefusal(entry)) {
    if (to !== null) return `${actor} was not allowed to ${to}`;
    return did === null ? `${actor} was refused: ${plain}` : `${actor} ${did}`;
  }
  if (isSystem(entry) && isOutcome(entry)) {
    const ending = entry.outcome === 'success' ? 'succeeded' : 'failed';
    const doing = words?.doing === undefined ? null : fillNoun(words.doing, noun);
    return `The system recorded that ${doing ?? `“${plain}”`} ${ending}`;
  }
  if (entry.outcome === 'intent') return to === null ? `${actor} began: ${plain}` : `${actor} began to ${to}`;
  if (entry.outcome === 'failure')
    return to === null ? `${actor} tried and failed: ${plain}` : `${actor} tried to ${to} and failed`;
  return did === null ? `${actor}: ${plain}` : `${actor} ${did}`;
}

/** What became of it. An intent is said as such: its outcome is an entry of its own. */
export function sayOutcome(entry: AuditEntry): { readonly label: string; readonly tone: Tone } {
  if (isRefusal(entry)) return { label: 'Refused', tone: 'danger' };
  switch (entry.outcome) {
    case 'intent':
      return { label: 'Begun', tone: 'neutral' };
    case 'failure':
      return { label: 'Failed', tone: 'danger' };
    default:
      return isSystem(entry) && isOutcome(entry)
        ? { label: 'Succeeded', tone: 'good' }
        : { label: 'Allowed', tone: 'good' };
  }
}

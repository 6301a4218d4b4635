import type { KnownPerson } from '@cordon/phi-redaction';
import type { RequestCaller } from '../../caller/caller.ts';
import { profileColumns } from '../patients/index.ts';
import type { FoundPatient } from './steps/decide-use.ts';

/** As long as a patient's key is kept (keys/patient-keys.ts): what opens the profile and what stood in it go together. */
const lifeMs = 60_000;
const mostPeople = 500;

/**
 * What told of a patient in the last turn of the same session tells of them in the next, as long as their row is the same to the
 * byte. Each use has its entry like the first.
 */
export interface KnownPeople {
  recall(caller: RequestCaller, patient: FoundPatient): readonly KnownPerson[] | undefined;
  remember(caller: RequestCaller, patient: FoundPatient, people: readonly KnownPerson[]): void;
  forget(caller: RequestCaller, patient: FoundPatient): void;
}

interface Held {
  /** As the row came: ids and ciphertext. */
  readonly patient: FoundPatient;
  readonly people: readonly KnownPerson[];
  readonly until: number;
}

export function keepKnownPeople(now: () => number = Date.now): KnownPeople {
  const held = new Map<string, Held>();
  return {
    recall(caller, patient) {
      const name = nameOf(caller, patient);
      const found = held.get(name);
      if (found === undefined) return undefined;
      if (found.until > now() && isSame(found.patient, patient)) return found.people;
      held.delete(name);
      return undefined;
    },
    remember(caller, patient, people) {
      sweep(held, now());
      held.set(nameOf(caller, patient), { patient, people, until: now() + lifeMs });
    },
    forget(caller, patient) {
      held.delete(nameOf(caller, patient));
    },
  };
}

/** Held in the order of their ends: what has ended goes, and the oldest where there are too many. */
function sweep(held: Map<string, Held>, now: number): void {
  for (const [name, { until }] of held) {
    if (until > now && held.size < mostPeople) return;
    held.delete(name);
  }
}

const nameOf = (caller: RequestCaller, { row }: FoundPatient): string =>
  [caller.tenantId, caller.subject, caller.role, caller.sessionId, row.id].join(' ');

const cellColumns = Object.values(profileColumns);

const isSame = (held: FoundPatient, found: FoundPatient): boolean =>
  held.places.join(' ') === found.places.join(' ') &&
  cellColumns.every((column) => isSameCell(held.row[column], found.row[column]));

const isSameCell = (held: Buffer | null, found: Buffer | null): boolean =>
  held === null || found === null ? held === found : held.equals(found);

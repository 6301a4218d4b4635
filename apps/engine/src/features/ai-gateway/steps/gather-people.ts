import type { Permit } from '@cordon/access-policy';
import type { KnownPerson } from '@cordon/phi-redaction';
import { describeCaller } from '../../../audit/describe.ts';
import type { AuditEntry } from '../../../audit/entry.ts';
import type { RequestCaller } from '../../../caller/caller.ts';
import { EngineError } from '../../../error.ts';
import type { EngineContext } from '../../../pipeline/engine-context.ts';
import { openCells } from '../../../pipeline/open-cells.ts';
import { listClinicianNames } from '../../clinicians/index.ts';
import { patientTable, profileColumns, type PatientRow } from '../../patients/index.ts';
import type { AskedCall, GatewayParts } from '../call.ts';
import type { FoundPatient } from './decide-use.ts';

export interface GatheredPeople {
  readonly known: readonly KnownPerson[];
  readonly pseudonym: string | undefined;
  /** Says that they were used: to be made durable before anything is sent; none where it is already. */
  readonly entries: readonly AuditEntry[];
}

/**
 * What the patient's own record says of who they are, and who treats people at their clinic, to be found in the text. Opening it is an
 * access of its own, with its entry: no key is released without. What was opened for the same session a moment ago is used again, with
 * an entry that goes with the call's own.
 * @throws EngineError `record-destroyed`, `keys-unavailable`: what cannot be read cannot be searched for
 */
export async function gatherPeople(
  { engine, knownPeople }: GatewayParts,
  caller: RequestCaller,
  asked: AskedCall,
  patient: FoundPatient,
  permit: Permit,
): Promise<GatheredPeople> {
  const { row, places } = patient;
  const pseudonyms = await engine.patientKeys.pseudonyms(caller.tenantId, [row.patient_id]);
  const pseudonym = pseudonyms.get(row.patient_id);
  // Without one there is no key, and so nothing that may be used again.
  if (pseudonym === undefined) knownPeople.forget(caller, patient);
  const entry: AuditEntry = {
    ...describeCaller(caller),
    action: 'ai.identifiers-opened',
    resourceType: 'Patient',
    resourceId: row.patient_id,
    clinicId: row.clinic_id,
    patientPseudonym: pseudonym,
    dataClassIds: ['patientProfile', 'portalAccount'],
    purposeId: asked.purposeId,
    decision: 'permit',
    reasonCode: permit.reason,
    outcome: 'none',
    recordCount: 1,
  };
  const opensWhole = permit.disclosure === 'plaintext' && permit.fields === undefined;
  const recalled = opensWhole ? knownPeople.recall(caller, patient) : undefined;
  if (recalled !== undefined) {
    engine.patientKeys.requireOpen();
    return { known: recalled, pseudonym, entries: [entry] };
  }
  const profile = await openProfile(engine, caller, row, permit, entry);
  const staff = await listClinicianNames(engine, { tenantId: caller.tenantId, clinicId: row.clinic_id });
  const known = [describePatient(profile), describePlaces(places), { names: staff }];
  if (opensWhole) knownPeople.remember(caller, patient, known);
  return { known, pseudonym, entries: [] };
}

type Profile = Readonly<Record<keyof typeof profileColumns, string | null>>;

async function openProfile(
  engine: EngineContext,
  caller: RequestCaller,
  row: PatientRow,
  permit: Permit,
  entry: AuditEntry,
): Promise<Profile> {
  const receipt = await engine.audit.append([entry]);
  const subject = {
    action: 'use-in-ai',
    dataClass: 'patientProfile',
    auditAction: 'ai.identifiers-opened',
    resourceType: 'Patient',
  } as const;
  const [opened] = await openCells<PatientRow, keyof typeof profileColumns>(
    engine,
    caller,
    { subject, table: patientTable, columns: profileColumns, fetch: () => Promise.resolve([row]) },
    [{ row, permit }],
    receipt,
  );
  if (opened?.state === 'destroyed') throw new EngineError('record-destroyed');
  if (opened?.state !== 'open' || opened.fields === null)
    throw new EngineError('keys-unavailable', { detail: 'the profile does not open' });
  return opened.fields;
}

function describePatient(profile: Profile): KnownPerson {
  const contact = profile.emergencyContact ?? '';
  const filled = (...values: (string | null)[]): string[] =>
    values.filter((value): value is string => value !== null && value !== '');
  return {
    // Of next of kin the words with a capital: “her husband” is written beside the name.
    names: filled(profile.fullName, (contact.match(/\p{Lu}[\p{L}'’-]+/gu) ?? []).join(' ')),
    dates: filled(profile.dateOfBirth),
    emails: filled(profile.email, ...(contact.match(/\S+@\S+/gu) ?? [])),
    numbers: filled(profile.phone, profile.nhsNumber, ...(contact.match(/[\d+][\d\s()-]{4,}/gu) ?? [])),
    addresses: filled(profile.address),
  };
}

function describePlaces(places: readonly string[]): KnownPerson {
  return { addresses: places.map((place) => place.replaceAll('-', ' ')) };
}

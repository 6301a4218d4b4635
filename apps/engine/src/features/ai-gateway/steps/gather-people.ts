import type { Permit } from '@cordon/access-policy';
import type { KnownPerson } from '@cordon/phi-redaction';
import { describeCaller } from '../../../audit/describe.ts';
import type { RequestCaller } from '../../../caller/caller.ts';
import { EngineError } from '../../../error.ts';
import type { EngineContext } from '../../../walk/engine-context.ts';
import { openCells } from '../../../walk/open-cells.ts';
import { patientTable, profileColumns, type PatientRow } from '../../patients/index.ts';
import type { AskedCall } from '../call.ts';
import type { FoundPatient } from './decide-use.ts';

/**
 * What the patient's own record says of who they are, to be found in the text. Opening it is an access of its own, with its entry:
 * no key is released without.
 * @throws EngineError `record-destroyed`, `keys-unavailable`: what cannot be read cannot be searched for
 */
export async function gatherPeople(
  engine: EngineContext,
  caller: RequestCaller,
  asked: AskedCall,
  { row, places }: FoundPatient,
  permit: Permit,
): Promise<{ known: readonly KnownPerson[]; pseudonym: string | undefined }> {
  const pseudonym = (await engine.patientKeys.pseudonyms(caller.tenantId, [row.patient_id])).get(
    row.patient_id,
  );
  const receipt = await engine.audit.append([
    {
      ...describeCaller(caller),
      action: 'ai.identifiers-opened',
      resourceType: 'Patient',
      resourceId: row.patient_id,
      clinicId: row.clinic_id,
      patientPseudonym: pseudonym,
      dataClassIds: ['patientProfile'],
      purposeId: asked.purposeId,
      decision: 'permit',
      reasonCode: permit.reason,
      outcome: 'none',
      recordCount: 1,
    },
  ]);
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
  return { known: [describePatient(opened.fields), describePlaces(places)], pseudonym };
}

type Profile = Readonly<Record<keyof typeof profileColumns, string | null>>;

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

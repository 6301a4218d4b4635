import { proofOf, type EntryRow } from './query-entries.ts';

const rest = 'http://hl7.org/fhir/restful-interaction';
const balp = 'https://profiles.ihe.net/ITI/BALP';

/** Role ids of DICOM PS3.16 that BALP asks for: who sent the request, and who received it. */
const roles = { source: '110153', destination: '110152' } as const;
const role = (code: string) => ({
  coding: [{ system: 'http://dicom.nema.org/resources/ontology/DCM', code }],
});

/** What each action is in FHIR: the interaction, C R U D or E, and the BALP pattern where the entry names a patient. */
function interactionOf(action: string): { code: string; letter: string; pattern: string | null } {
  // The pattern for queries asks for the query itself, which no entry holds: nothing is claimed.
  if (/\.(listed|searched)$/.test(action)) return { code: 'search-type', letter: 'E', pattern: null };
  if (action.endsWith('.created')) return { code: 'create', letter: 'C', pattern: 'Create' };
  if (/\.(opened|read|exported)$/.test(action)) return { code: 'read', letter: 'R', pattern: 'Read' };
  if (action.endsWith('.changed')) return { code: 'update', letter: 'U', pattern: 'Update' };
  return { code: 'operation', letter: 'E', pattern: null };
}

/**
 * An entry as a FHIR R4 AuditEvent after IHE BALP (Basic Audit Log Patterns). It adds the place in the log as a detail
 * of the entry's own entity, so that a proof can be asked for.
 * @see https://hl7.org/fhir/R4/auditevent.html and https://profiles.ihe.net/ITI/BALP/
 */
export function toAuditEvent(row: EntryRow): object {
  const { code, letter, pattern } = interactionOf(row.action);
  const proof = proofOf(row);
  return {
    resourceType: 'AuditEvent',
    id: row.id,
    ...(pattern !== null &&
      row.patient_pseudonym !== null &&
      row.resource_id !== null && {
        meta: { profile: [`${balp}/StructureDefinition/IHE.BasicAudit.Patient${pattern}`] },
      }),
    type: { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' },
    subtype: [
      { system: rest, code },
      { system: 'urn:cordon:audit-action', code: row.action },
    ],
    action: letter,
    recorded: row.at.toISOString(),
    // 0 success, 4 minor failure: refused or failed, and nothing was disclosed.
    outcome: row.decision === 'permit' && row.outcome !== 'failure' ? '0' : '4',
    outcomeDesc: row.reason_code,
    ...(row.purpose !== null && {
      purposeOfEvent: [{ coding: [{ system: 'urn:cordon:purpose', code: row.purpose }] }],
    }),
    agent: [
      {
        type: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }],
        },
        ...(row.actor_role !== null && {
          role: [{ coding: [{ system: 'urn:cordon:role', code: row.actor_role }] }],
        }),
        who: { identifier: { system: 'urn:cordon:subject', value: row.actor_subject ?? row.initiator_type } },
        requestor: true,
      },
      {
        type: role(roles.source),
        who: { identifier: { system: 'urn:cordon:client', value: row.client_address ?? 'unknown' } },
        requestor: false,
        ...(row.client_address !== null && { network: { address: row.client_address, type: '2' } }),
      },
      { type: role(roles.destination), who: { display: 'Cordon engine' }, requestor: false },
    ],
    source: {
      observer: { display: 'Cordon' },
      type: [{ system: 'http://terminology.hl7.org/CodeSystem/security-source-type', code: '4' }],
    },
    entity: [...entitiesOf(row), entryEntity(row, proof)],
  };
}

function entitiesOf(row: EntryRow): object[] {
  const entities: object[] = [];
  const objectRole = (code: string) => ({
    system: 'http://terminology.hl7.org/CodeSystem/object-role',
    code,
  });
  if (row.patient_pseudonym !== null)
    entities.push({
      what: { identifier: { system: 'urn:cordon:audit-pseudonym', value: row.patient_pseudonym } },
      type: { system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type', code: '1' },
      role: objectRole('1'),
    });
  if (row.resource_id !== null)
    entities.push({
      what: {
        identifier: { system: `urn:cordon:${row.resource_type ?? 'resource'}`, value: row.resource_id },
      },
      type: { system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type', code: '2' },
      role: objectRole('4'),
    });
  if (row.request_id !== null)
    entities.push({
      what: { identifier: { value: row.request_id } },
      type: { system: `${balp}/CodeSystem/BasicAuditEntityType`, code: 'XrequestId' },
    });
  return entities;
}

function entryEntity(row: EntryRow, proof: ReturnType<typeof proofOf>): object {
  const details = {
    proofState: proof.state,
    leafIndex: proof.leafIndex,
    intentId: row.intent_id,
    providerId: row.provider_id,
    purposeId: row.purpose_id,
    recordCount: row.record_count,
  };
  return {
    what: { identifier: { system: 'urn:cordon:audit-entry', value: row.id } },
    type: { system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type', code: '2' },
    detail: Object.entries(details).flatMap(([type, value]) =>
      value === null ? [] : [{ type, valueString: String(value) }],
    ),
  };
}

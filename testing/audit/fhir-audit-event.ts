import { z } from 'zod';

/*
 * AuditEvent of FHIR R4 (4.0.1) and the data types that it uses, after the definitions in
 * https://hl7.org/fhir/R4/auditevent.profile.json.html and https://hl7.org/fhir/R4/datatypes.html: names, cardinalities,
 * required bindings and the invariant sev-1. Written strictly: a member that the definition does not have is refused, which
 * is what makes a misspelt one visible. Extensions are left out, since none are written.
 */
const uri = z.string().regex(/^\S+$/);
const code = z.string().refine((value) => value !== '' && value.trim() === value);
const text = z.string().regex(/\S/);
/** https://hl7.org/fhir/R4/datatypes.html#instant: at least to the second, with a zone. */
const instant = z.iso.datetime({ offset: true });

const coding = z.strictObject({
  system: uri.optional(),
  version: text.optional(),
  code: code.optional(),
  display: text.optional(),
  userSelected: z.boolean().optional(),
});
const codeableConcept = z.strictObject({ coding: z.array(coding).min(1).optional(), text: text.optional() });
const identifier = z.strictObject({
  use: z.enum(['usual', 'official', 'temp', 'secondary', 'old']).optional(),
  type: codeableConcept.optional(),
  system: uri.optional(),
  value: text.optional(),
});
const reference = z.strictObject({
  reference: text.optional(),
  type: uri.optional(),
  identifier: identifier.optional(),
  display: text.optional(),
});

const agent = z.strictObject({
  type: codeableConcept.optional(),
  role: z.array(codeableConcept).min(1).optional(),
  who: reference.optional(),
  altId: text.optional(),
  name: text.optional(),
  requestor: z.boolean(),
  location: reference.optional(),
  policy: z.array(uri).min(1).optional(),
  media: coding.optional(),
  network: z
    .strictObject({ address: text.optional(), type: z.enum(['1', '2', '3', '4', '5']).optional() })
    .optional(),
  purposeOfUse: z.array(codeableConcept).min(1).optional(),
});

const detail = z
  .strictObject({ type: text, valueString: text.optional(), valueBase64Binary: z.base64().optional() })
  .refine((value) => (value.valueString === undefined) !== (value.valueBase64Binary === undefined), {
    message: 'value[x] is one of the two',
  });

const entity = z
  .strictObject({
    what: reference.optional(),
    type: coding.optional(),
    role: coding.optional(),
    lifecycle: coding.optional(),
    securityLabel: z.array(coding).min(1).optional(),
    name: text.optional(),
    description: text.optional(),
    query: z.base64().optional(),
    detail: z.array(detail).min(1).optional(),
  })
  .refine((value) => value.name === undefined || value.query === undefined, { message: 'sev-1' });

export const auditEvent = z.strictObject({
  resourceType: z.literal('AuditEvent'),
  id: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,64}$/)
    .optional(),
  meta: z.strictObject({ profile: z.array(uri).min(1).optional() }).optional(),
  type: coding,
  subtype: z.array(coding).min(1).optional(),
  action: z.enum(['C', 'R', 'U', 'D', 'E']).optional(),
  period: z.strictObject({ start: instant.optional(), end: instant.optional() }).optional(),
  recorded: instant,
  outcome: z.enum(['0', '4', '8', '12']).optional(),
  outcomeDesc: text.optional(),
  purposeOfEvent: z.array(codeableConcept).min(1).optional(),
  agent: z.array(agent).min(1),
  source: z.strictObject({
    site: text.optional(),
    observer: reference,
    type: z.array(coding).min(1).optional(),
  }),
  entity: z.array(entity).min(1).optional(),
});

const typeOf = (value: { type?: z.output<typeof codeableConcept> | undefined }): string | undefined =>
  value.type?.coding?.[0]?.code;

/**
 * What IHE BALP asks of a RESTful Read, Create or Update with a known patient, beyond R4: the slices of agent and entity that
 * have a minimum of one. https://profiles.ihe.net/ITI/BALP/StructureDefinition-IHE.BasicAudit.PatientRead.html
 */
export const patientEvent = auditEvent.superRefine((event, context) => {
  const asked: [string, boolean][] = [
    ['a client (DCM 110153)', event.agent.some((each) => typeOf(each) === '110153')],
    ['a server (DCM 110152)', event.agent.some((each) => typeOf(each) === '110152')],
    [
      'the data (type 2, role 4)',
      (event.entity ?? []).some(({ type, role }) => type?.code === '2' && role?.code === '4'),
    ],
    [
      'the patient (type 1, role 1)',
      (event.entity ?? []).some(({ type, role }) => type?.code === '1' && role?.code === '1'),
    ],
    ['an outcome and an action', event.outcome !== undefined && event.action !== undefined],
  ];
  for (const [name, there] of asked)
    if (!there) context.addIssue({ code: 'custom', message: `without ${name}` });
});

import { z } from 'zod';

/**
 * The part of NIST's OSCAL assessment-results model, version 1.2, that our report uses, with the model's own rules and no
 * property that it does not define (pages.nist.gov/OSCAL-Reference/models, assessment-results, JSON format reference).
 * Written from that page, and compared with the published `oscal_assessment-results_schema.json` of release 1.2.1, definition by
 * definition: its data types, required members and closed sets are these. No package of the registry carries the file itself.
 */
/** `StringDatatype`, by its own pattern: not empty, no space at either end, one line. */
const string = z
  .string()
  .refine(
    (text) => text !== '' && text.trim() === text && !/[\n\r\u2028\u2029]/.test(text),
    'no OSCAL string',
  );
/** `MarkupLineDatatype`: one line. */
const line = z.string().regex(/^[^\n]+$/);
/** `MarkupMultilineDatatype`; the schema takes an empty one, the model does not. */
const markup = z.string().min(1);
/** `token`: an NCName without a colon. */
const token = z.string().regex(/^[\p{L}_][\p{L}\p{N}.\-_]*$/u);
/** `uuid`: RFC 4122, version 4 or 5. */
const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i);
/** `DateTimeWithTimezoneDatatype`, of this millennium, in the one form and zone that we write. */
const dateTime = z
  .string()
  .regex(/^2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  .refine((text) => !Number.isNaN(Date.parse(text)), 'no such moment');
const some = <Item extends z.ZodType>(item: Item) => z.array(item).min(1);

const property = z.strictObject({
  name: token,
  uuid: uuid.optional(),
  ns: z
    .string()
    .regex(/^[a-zA-Z][a-zA-Z0-9+\-.]+:.+$/)
    .optional(),
  value: string,
  class: token.optional(),
  remarks: markup.optional(),
});
const metadata = z.strictObject({
  title: line,
  published: dateTime.optional(),
  'last-modified': dateTime,
  version: string,
  'oscal-version': z.string().regex(/^1\.2\.\d+$/),
  props: some(property).optional(),
});
const reviewedControls = z.strictObject({
  description: markup.optional(),
  'control-selections': some(
    z
      .strictObject({
        description: markup.optional(),
        'include-all': z.strictObject({}).optional(),
        'include-controls': some(
          z.strictObject({ 'control-id': token, 'statement-ids': some(token).optional() }),
        ).optional(),
      })
      .refine((each) => !('include-all' in each && 'include-controls' in each), 'all, some by name, or none'),
  ),
});
const observation = z.strictObject({
  uuid,
  title: line.optional(),
  description: markup,
  props: some(property).optional(),
  // The schema takes any other word; we say one of the four that it names.
  methods: some(z.enum(['EXAMINE', 'INTERVIEW', 'TEST', 'UNKNOWN'])),
  types: some(token).optional(),
  'relevant-evidence': some(
    z.strictObject({ href: z.string().optional(), description: markup, props: some(property).optional() }),
  ).optional(),
  collected: dateTime,
  expires: dateTime.optional(),
});
const risk = z.strictObject({
  uuid,
  title: line,
  description: markup,
  statement: markup,
  status: token,
  props: some(property).optional(),
  remediations: some(
    z.strictObject({
      uuid,
      lifecycle: z.enum(['recommendation', 'planned', 'completed']),
      title: line,
      description: markup,
    }),
  ).optional(),
});
const finding = z.strictObject({
  uuid,
  title: line,
  description: markup,
  target: z.strictObject({
    type: z.enum(['statement-id', 'objective-id']),
    'target-id': token,
    title: line.optional(),
    status: z.strictObject({
      state: z.enum(['satisfied', 'not-satisfied']),
      reason: token.optional(),
      remarks: markup.optional(),
    }),
  }),
  'related-observations': some(z.strictObject({ 'observation-uuid': uuid })).optional(),
  'related-risks': some(z.strictObject({ 'risk-uuid': uuid })).optional(),
});
const result = z.strictObject({
  uuid,
  title: line,
  description: markup,
  start: dateTime,
  end: dateTime.optional(),
  props: some(property).optional(),
  'reviewed-controls': reviewedControls,
  observations: some(observation).optional(),
  risks: some(risk).optional(),
  findings: some(finding).optional(),
});

export const oscalResults = z.strictObject({
  'assessment-results': z.strictObject({
    uuid,
    metadata,
    'import-ap': z.strictObject({ href: z.string().min(1), remarks: markup.optional() }),
    results: some(result),
  }),
});

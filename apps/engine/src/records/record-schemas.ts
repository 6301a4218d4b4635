import { z } from 'zod';
import { pageQuery } from '../server/page-cursor.ts';
import { lowerId, pointInTime } from './field-schemas.ts';
import type { PlainField, RecordKind, SealedField } from './record-kind.ts';

type Fields = Readonly<Record<string, PlainField | SealedField>>;
type Shape = Record<string, z.ZodType>;

/** The fields of a create: those that need no value may be absent. */
function createShape(fields: Fields): Shape {
  const shape: Shape = {};
  for (const [name, field] of Object.entries(fields)) {
    const { input } = field;
    if ('optional' in field) shape[name] = input.nullish();
    else shape[name] = 'initial' in field ? input.optional() : input;
  }
  return shape;
}

/** The fields of a change (RFC 7396 in spirit: absent stays, null clears), without those that stay as they were made. */
function changeShape(fields: Fields): Shape {
  const shape: Shape = {};
  for (const [name, field] of Object.entries(fields))
    if (!('fixed' in field))
      shape[name] = 'optional' in field ? field.input.nullish() : field.input.optional();
  return shape;
}

function partsShape({ parts }: RecordKind): Shape {
  if (parts === undefined) return {};
  const part = z.strictObject({ ...createShape(parts.plain), ...createShape(parts.sealed) });
  return { [parts.field]: z.array(part).max(parts.most).optional() };
}

export interface CreateBody {
  readonly clinicId: string;
  readonly patientId: string;
  readonly [field: string]: unknown;
}

export function createBody(kind: RecordKind): z.ZodType<CreateBody> {
  const shape = { ...createShape(kind.plain), ...createShape(kind.sealed), ...partsShape(kind) };
  return z.strictObject({ clinicId: lowerId, patientId: lowerId, ...shape });
}

/** A new patient is nobody's record but its own. */
export function createPatientBody(
  kind: RecordKind,
): z.ZodType<Omit<CreateBody, 'patientId'> & { clinicId: string }> {
  return z.strictObject({ clinicId: lowerId, ...createShape(kind.sealed) });
}

/** A change names at least one field. */
export function changeBody(kind: RecordKind): z.ZodType<Readonly<Record<string, unknown>>> {
  const shape = { ...changeShape(kind.plain), ...changeShape(kind.sealed), ...partsShape(kind) };
  return z.strictObject(shape).refine((body) => Object.values(body).some((value) => value !== undefined), {
    error: 'nothing-to-change',
  });
}

/** An amendment is the entry as it should have been: whole, for the same patient. */
export function amendBody(kind: RecordKind): z.ZodType<Readonly<Record<string, unknown>>> {
  return z.strictObject({ ...createShape(kind.plain), ...createShape(kind.sealed) });
}

export const listQuery = pageQuery.extend({
  clinicId: lowerId.optional(),
  patientId: lowerId.optional(),
  /** Inclusive. */
  from: pointInTime.optional(),
  /** Exclusive. */
  to: pointInTime.optional(),
});

/** What is shown: the shape of the API's description. Nulls stand where the role sees a row without its keys. */
export function shownRecord(kind: RecordKind, which: 'listed' | 'whole') {
  const plain = Object.keys(kind.plain).map((name) => [
    name,
    z.union([z.string(), z.number(), z.boolean()]).nullable(),
  ]);
  const sealed = Object.entries(kind.sealed)
    .filter(([, field]) => which === 'whole' || field.listed === true)
    .map(([name, field]) => [name, (field.number === true ? z.number() : z.string()).nullable().optional()]);
  const part = z.record(z.string(), z.union([z.string(), z.number()]).nullable());
  return z.object({
    id: z.uuid(),
    clinicId: z.uuid(),
    patientId: z.uuid(),
    disclosure: z.enum(['open', 'ciphertext', 'destroyed', 'damaged']),
    createdAt: z.iso.datetime(),
    ...(kind.versions !== null && {
      version: z.number().int(),
      updatedAt: z.iso.datetime(),
      updatedBy: z.uuid().nullable(),
    }),
    ...(kind.authorColumn !== undefined && { authorId: z.uuid() }),
    ...(kind.chain !== undefined && 'names' in kind.chain && { amendsId: z.uuid().nullable() }),
    ...(Object.fromEntries([...plain, ...sealed]) as Shape),
    ...(kind.parts !== undefined && which === 'whole' && { [kind.parts.field]: z.array(part).optional() }),
  });
}

import { randomUUID } from 'node:crypto';

/** As much of a published JSON Schema as the engine's request bodies use. */
export interface BodySchema {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, BodySchema>>;
  readonly items?: BodySchema;
  readonly anyOf?: readonly BodySchema[];
  readonly oneOf?: readonly BodySchema[];
}

/** Whether the schema takes this as free text. */
function takes(schema: BodySchema, text: string): boolean {
  if (schema.type !== 'string' || schema.format !== undefined || schema.enum !== undefined) return false;
  if (schema.maxLength !== undefined && schema.maxLength < text.length) return false;
  // eslint-disable-next-line security/detect-non-literal-regexp -- the engine's own published patterns
  return schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(text);
}

/**
 * A body of the schema with `text` in every field of free text.
 *
 * @param known values of fields that must be these: ids, codes of a closed form
 * @param filled is told the path of each field that took the text
 */
export function makeBody(
  schema: BodySchema,
  text: string,
  known: Readonly<Record<string, unknown>>,
  filled: (path: string) => void,
  path = '',
): unknown {
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (path !== '' && name in known) return known[name];
  const chosen = schema.anyOf ?? schema.oneOf;
  if (chosen !== undefined) {
    const option = chosen.find((each) => takes(each, text)) ?? chosen[0] ?? {};
    return makeBody(option, text, known, filled, path);
  }
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (takes(schema, text)) {
    filled(path);
    return text;
  }
  if (schema.type === 'array') return [makeBody(schema.items ?? {}, text, known, filled, path)];
  if (schema.type === 'object')
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([key, part]) => [
        key,
        makeBody(part, text, known, filled, path === '' ? key : `${path}.${key}`),
      ]),
    );
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(1, schema.minimum ?? 1);
  if (schema.format === 'uuid') return randomUUID();
  if (schema.format === 'date-time') return '2031-03-03T09:00:00Z';
  if (schema.format === 'date') return '2031-03-03';
  return null;
}

import type { AiPurpose } from '@cordon/access-policy';

/** A record's fields by data class, as the engine read them: `{ treatmentPlan: { title: …, items: [{ summaryText: … }] } }`. */
export type RecordFields = Readonly<Record<string, unknown>>;

/**
 * The text of a prompt from a record: the purpose's whitelisted fields and nothing else, one a line, in the order of the whitelist.
 * Lists become one line an item.
 */
export function buildInput(purpose: AiPurpose, fields: RecordFields): string {
  return purpose.whitelistedFields
    .flatMap((path) =>
      readPath(fields, path.split('.')).map((value) => `${path.replaceAll('[]', '')}: ${value}`),
    )
    .join('\n');
}

function readPath(value: unknown, steps: readonly string[]): string[] {
  const [step, ...rest] = steps;
  if (step === undefined)
    return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
  const key = step.replace(/\[\]$/u, '');
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
  const next: unknown = Reflect.get(value, key);
  if (!step.endsWith('[]')) return readPath(next, rest);
  return Array.isArray(next) ? next.flatMap((each) => readPath(each, rest)) : [];
}

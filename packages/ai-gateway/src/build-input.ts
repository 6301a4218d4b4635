import type { AiPurpose } from '@cordon/access-policy';
import type { ChangeText } from './map-texts.ts';

/** A record's fields by data class, as the engine read them: `{ treatmentPlan: { title: …, items: [{ summaryText: … }] } }`. */
export type RecordFields = Readonly<Record<string, unknown>>;

/** What Unicode breaks lines at (Standard Annex 14), with the blanks around it. */
const LINE_BREAKS = /\s*[\n\v\f\r\u0085\u2028\u2029]\s*/gu;

/**
 * The text of a prompt from a record: the purpose's whitelisted fields and nothing else, one a line, in the order of the whitelist.
 * Lists become one line an item. A value has no lines of its own: what somebody wrote into a record must not read as another field.
 */
export function buildInput(purpose: AiPurpose, fields: RecordFields): string {
  return purpose.whitelistedFields
    .flatMap((path) => readPath(fields, path.split('.')).map((value) => `${toLabel(path)}${value}`))
    .join('\n');
}

/** Which of the purpose's fields a record has: what an answer was made from. */
export const listSources = (purpose: AiPurpose, fields: RecordFields): string[] =>
  purpose.whitelistedFields.filter((path) => readPath(fields, path.split('.')).length > 0);

const toLabel = (path: string): string => `${path.replaceAll('[]', '')}: `;
export const listLabels = ({ whitelistedFields }: AiPurpose): string[] => whitelistedFields.map(toLabel);

/** A change to the values of an input alone: its labels are the configuration's, and tell the model what it reads. */
export function keepLabels(labels: readonly string[], change: ChangeText): ChangeText {
  if (labels.length === 0) return change;
  return (text) =>
    text
      .split('\n')
      .map((line) => {
        const label = labels.find((each) => line.startsWith(each)) ?? '';
        return label + change(line.slice(label.length));
      })
      .join('\n');
}

function readPath(value: unknown, steps: readonly string[]): string[] {
  const [step, ...rest] = steps;
  if (step === undefined)
    return typeof value === 'string' || typeof value === 'number'
      ? [String(value).replaceAll(LINE_BREAKS, ' ')]
      : [];
  const key = step.replace(/\[\]$/u, '');
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
  const next: unknown = Reflect.get(value, key);
  if (!step.endsWith('[]')) return readPath(next, rest);
  return Array.isArray(next) ? next.flatMap((each) => readPath(each, rest)) : [];
}

import { MAX_ENTRIES } from './schemas/common.ts';

/** A string found in a JSON value, and where. */
export interface Found {
  readonly path: string;
  readonly value: string;
}

/** `['roles', 0, 'id']` as `$.roles[0].id`; keys that are no plain names in brackets. */
export function toJsonPath(steps: readonly PropertyKey[]): string {
  let path = '$';
  for (const step of steps) {
    if (typeof step === 'number') path += `[${step}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(String(step))) path += `.${String(step)}`;
    else path += `[${JSON.stringify(String(step))}]`;
  }
  return path;
}

/**
 * Every string that a pattern such as `roles[].permissions.read[]` reaches. What is absent or of another
 * type is passed over, so that references can be checked in a file whose shape is wrong elsewhere.
 */
export function findStrings(root: unknown, pattern: string): Found[] {
  const steps = pattern.replaceAll('[]', '.[]').split('.');
  let reached: { steps: PropertyKey[]; value: unknown }[] = [{ steps: [], value: root }];
  for (const step of steps) {
    reached = reached.flatMap((at) =>
      step === '[]'
        ? itemsOf(at.value).map((value, index) => ({ steps: [...at.steps, index], value }))
        : memberOf(at, step),
    );
  }
  return reached.flatMap((at) =>
    typeof at.value === 'string' ? [{ path: toJsonPath(at.steps), value: at.value }] : [],
  );
}

function itemsOf(value: unknown): readonly unknown[] {
  // The schemas refuse a longer list as a whole.
  return Array.isArray(value) ? value.slice(0, MAX_ENTRIES) : [];
}

function memberOf(
  at: { steps: PropertyKey[]; value: unknown },
  key: string,
): { steps: PropertyKey[]; value: unknown }[] {
  if (typeof at.value !== 'object' || at.value === null || !Object.hasOwn(at.value, key)) return [];
  return [{ steps: [...at.steps, key], value: (at.value as Record<string, unknown>)[key] }];
}

/** The value at a path of a JSON document, or undefined. */
export function valueAt(root: unknown, steps: readonly PropertyKey[]): unknown {
  let value = root;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

/** A value as JSON, short enough for a line of a log. */
export function showValue(value: unknown): string {
  const text = value === undefined ? '(absent)' : stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // JSON.parse reads deeper nesting than JSON.stringify can write.
    return '(nested too deeply to show)';
  }
}

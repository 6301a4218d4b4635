import type { DenyReason, PermitReason } from './reason-codes.ts';

export interface Permit {
  readonly decision: 'permit';
  readonly reason: PermitReason;
  /** The line of the file that grants, as `file#/json/pointer`. */
  readonly rule: string;
  /** `ciphertext`: rows may be answered, keys must not be released. */
  readonly disclosure: 'plaintext' | 'ciphertext';
  /** The only fields that may be shown or set; absent where all may. */
  readonly fields?: readonly string[];
}

export interface Deny {
  readonly decision: 'deny';
  readonly reason: DenyReason;
  /** The line of the file that forbids, or the check that failed. */
  readonly rule: string;
}

export type Decision = Permit | Deny;

/**
 * The part of a record that a decision shows: nothing on a denial, nothing but the permitted fields where
 * they are listed. Decrypt after this, so that a hidden field's plaintext never exists.
 */
export function selectFields<T extends object>(decision: Decision, record: T): Partial<T> {
  if (decision.decision === 'deny') return {};
  const { fields } = decision;
  if (fields === undefined) return { ...record };
  const shown: Partial<T> = {};
  for (const key of Object.keys(record) as (keyof T & string)[]) {
    if (fields.includes(key)) shown[key] = record[key];
  }
  return shown;
}

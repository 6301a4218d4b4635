import { TransparencyLogError } from '../error.ts';

/** Refuses what cannot name a key: nothing, Unicode spaces, plus signs, control characters. C2SP signed-note, "Format". */
export function assertKeyName(name: string): void {
  if (!isKeyName(name)) throw new TransparencyLogError('key-name-invalid');
}

export function isKeyName(name: string): boolean {
  // The second class holds the control characters below U+0020, and no others: those no note may contain.
  return name !== '' && !/[\p{White_Space}\p{Surrogate}+]|[^\P{Cc}\u007f-\u009f]/u.test(name);
}

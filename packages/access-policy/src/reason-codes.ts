export const PERMIT_REASONS = [
  /** The role may, within its clinics or tenant. */
  'granted',
  /** The patient may, on their own record. */
  'granted-own-record',
  /** Rows only: PHI stays ciphertext, no key may be released. */
  'granted-ciphertext-only',
  /** Only because of a break-glass grant: alert and review follow. */
  'granted-break-glass',
] as const;

export const DENY_REASONS = [
  'unknown-role',
  'unknown-action',
  'unknown-data-class',
  /** The role's `restricted` list names the class or a capability that covers the action. */
  'role-restricted',
  /** Nothing grants it: the default. */
  'no-grant',
  'other-tenant',
  'not-own-record',
  /** A record with PHI, or a clinic to switch into, without naming the clinic. */
  'clinic-not-named',
  'not-a-clinic-member',
  'patient-not-named',
  'record-restricted',
  'legal-hold',
  'clinic-switch-required',
  'purpose-required',
  'unknown-purpose',
  'purpose-not-for-role',
  'purpose-not-for-data-class',
  'purpose-not-for-action',
  'fresh-factor-required',
  'field-not-permitted',
] as const;

export type PermitReason = (typeof PERMIT_REASONS)[number];
export type DenyReason = (typeof DENY_REASONS)[number];
export type ReasonCode = PermitReason | DenyReason;

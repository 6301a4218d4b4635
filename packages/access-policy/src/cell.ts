import type { Deny, Permit } from './decision.ts';
import type { Action } from './ids.ts';
import type { DenyReason } from './reason-codes.ts';

/** Everything the files say about one role, one action and one data class, worked out once. */
export interface Cell {
  readonly action: Action;
  readonly scope: 'clinic' | 'own' | 'tenant';
  /** The line of `restricted` that forbids this, if one does. */
  readonly restrictedBy: Deny | null;
  readonly permits: {
    readonly granted: Permit;
    readonly ownRecord: Permit;
    readonly ciphertextOnly: Permit;
    readonly breakGlass: Permit;
  } | null;
  readonly fields: ReadonlySet<string> | null;
  readonly needsClinic: boolean;
  readonly needsPatient: boolean;
  /** PHI needs a switch into the clinic: `ciphertext` allows rows without keys before it. */
  readonly clinicSwitch: 'not-needed' | 'ciphertext' | 'required';
  readonly readableUnderRestriction: boolean;
  readonly breakGlassMaxMs: number | null;
  readonly freshFactorMaxSeconds: number | null;
  /** Purpose id → why it forbids this, or null where it allows it. */
  readonly purposes: ReadonlyMap<string, DenyReason | null>;
}

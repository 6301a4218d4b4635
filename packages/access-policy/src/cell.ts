import type { Deny, Permit } from './decision.ts';
import type { Action } from './ids.ts';
import type { DenyReason } from './reason-codes.ts';

/** The permits that a cell can give, made once. */
export interface Permits {
  readonly granted: Permit;
  readonly ownRecord: Permit;
  readonly ciphertextOnly: Permit;
  readonly breakGlass: Permit;
}

export interface PurposeOutcome {
  readonly refusal: DenyReason | null;
  /** Where the purpose itself grants (`use-in-ai`): permits that name it. */
  readonly permits: Permits | null;
}

/** Everything the files say about one role, one action and one data class, worked out once. */
export interface Cell {
  readonly action: Action;
  readonly scope: 'clinic' | 'own' | 'tenant';
  /** The line of `restricted` that forbids this, if one does. */
  readonly restrictedBy: Deny | null;
  readonly permits: Permits | null;
  readonly fields: ReadonlySet<string> | null;
  readonly needsClinic: boolean;
  readonly needsPatient: boolean;
  /** PHI needs a switch into the clinic: `ciphertext` allows rows without keys before it. */
  readonly clinicSwitch: 'not-needed' | 'ciphertext' | 'required';
  readonly allowedUnderRestriction: boolean;
  readonly breakGlassMaxMs: number | null;
  readonly freshFactorMaxSeconds: number | null;
  /** By purpose id. */
  readonly purposes: ReadonlyMap<string, PurposeOutcome>;
}

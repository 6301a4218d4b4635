export type ProverErrorCode =
  | 'prover-config-invalid'
  | 'prover-unreachable'
  | 'prover-may-not-read'
  | 'prover-may-not-plant'
  | 'prover-role-missing'
  | 'prover-scratch-missing'
  | 'prover-scratch-unsafe'
  | 'prover-fingerprint-differs'
  | 'prover-version-too-old'
  | 'prover-nothing-to-prove';

/** Raised when a proof cannot be made at all; `publicMessage` names the permission or object that is missing. */
export class ProverError extends Error {
  override readonly name = 'ProverError';
  readonly code: ProverErrorCode;
  readonly publicMessage: string;
  readonly detail: string | undefined;

  constructor(
    code: ProverErrorCode,
    publicMessage: string,
    more: { readonly detail?: string; readonly cause?: unknown } = {},
  ) {
    super(`${code}: ${publicMessage}`, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.publicMessage = publicMessage;
    this.detail = more.detail;
  }
}

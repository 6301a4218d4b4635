import type { FileName } from './ids.ts';

export const ACCESS_POLICY_ERROR_CODES = [
  'policy-files-invalid',
  'policy-file-unreadable',
  'policy-files-changing',
] as const;
export type AccessPolicyErrorCode = (typeof ACCESS_POLICY_ERROR_CODES)[number];

export type ProblemKind =
  | 'not-json'
  | 'duplicate-key'
  | 'unknown-key'
  | 'invalid-value'
  | 'unknown-reference'
  | 'duplicate-id'
  | 'missing-id'
  | 'contradiction';

/** One thing wrong with one of the three files. */
export interface PolicyProblem {
  readonly kind: ProblemKind;
  readonly file: FileName;
  /** JSON path, such as `$.roles[0].permissions.read[3]`. */
  readonly path: string;
  /** The offending value as JSON, cut at 80 characters. */
  readonly value: string;
  readonly message: string;
  /** The nearest known id or key, where one is near. */
  readonly nearest?: string;
}

const PUBLIC_MESSAGES: Record<AccessPolicyErrorCode, string> = {
  'policy-files-invalid': 'Correct the configuration files; every problem is named in the log.',
  'policy-file-unreadable': 'Make the configuration files readable for this process.',
  'policy-files-changing': 'The configuration files changed while they were read; try again.',
};

export class AccessPolicyError extends Error {
  override readonly name = 'AccessPolicyError';
  readonly code: AccessPolicyErrorCode;
  readonly publicMessage: string;
  readonly detail: string;
  /** Every problem found, in the order of the files; empty unless the code is `policy-files-invalid`. */
  readonly problems: readonly PolicyProblem[];

  constructor(
    code: AccessPolicyErrorCode,
    detail: string,
    more: { readonly problems?: readonly PolicyProblem[]; readonly cause?: unknown } = {},
  ) {
    super(`${code}: ${detail}`, { cause: more.cause });
    this.code = code;
    this.publicMessage = PUBLIC_MESSAGES[code];
    this.detail = detail;
    this.problems = more.problems ?? [];
  }
}

export type CliErrorCode =
  | 'command-unknown'
  | 'arguments-invalid'
  | 'clock-behind'
  | 'already-running'
  | 'state-folder-foreign'
  | 'port-taken'
  | 'stores-ended'
  | 'app-missing'
  | 'app-ended'
  | 'app-not-ready'
  | 'seed-failed'
  | 'demo-account-unknown'
  | 'demo-sign-in-failed'
  | 'not-running'
  | 'keys-refused'
  | 'tenant-refused'
  | 'ai-switch-refused'
  | 'audit-hold-refused'
  | 'audit-settings-missing'
  | 'audit-entry-unknown'
  | 'audit-entry-unwitnessed'
  | 'audit-export-damaged';

/** Every error the command line raises on purpose; `publicMessage` is printed as it is. */
export class CliError extends Error {
  readonly code: CliErrorCode;
  readonly publicMessage: string;
  readonly detail?: string;

  constructor(
    code: CliErrorCode,
    publicMessage: string,
    options: { readonly detail?: string; readonly cause?: unknown } = {},
  ) {
    super(publicMessage, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CliError';
    this.code = code;
    this.publicMessage = publicMessage;
    if (options.detail !== undefined) this.detail = options.detail;
  }
}

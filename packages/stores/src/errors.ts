/** What a `StoresError` is about. */
export type StoresErrorCode =
  | 'platform-unsupported'
  | 'server-account-missing'
  | 'folder-not-searchable'
  | 'secret-damaged'
  | 'port-taken'
  | 'disk-full'
  | 'server-create-failed'
  | 'server-start-failed'
  | 'server-stop-failed'
  | 'server-data-version'
  | 'definition-invalid'
  | 'migration-invalid'
  | 'migration-changed'
  | 'migration-missing'
  | 'migration-out-of-order'
  | 'migration-failed'
  | 'seal-function-missing'
  | 'server-url-invalid'
  | 'server-tls-required'
  | 'server-version-too-old'
  | 'server-unreachable'
  | 'administrator-may-not-create-roles'
  | 'store-name-unknown'
  | 'connection-leaked';

/**
 * Every error this package raises on purpose. `publicMessage` says what to do and holds no secret;
 * `detail` is for the operator's log.
 */
export class StoresError extends Error {
  readonly code: StoresErrorCode;
  readonly publicMessage: string;
  readonly detail?: string;

  constructor(
    code: StoresErrorCode,
    publicMessage: string,
    options: { readonly detail?: string; readonly cause?: unknown } = {},
  ) {
    super(publicMessage, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StoresError';
    this.code = code;
    this.publicMessage = publicMessage;
    if (options.detail !== undefined) this.detail = options.detail;
  }
}

/** The system's own code (`ENOSPC`, `EADDRINUSE`, an SQLSTATE …) of an unknown error, if it has one. */
export function errorCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

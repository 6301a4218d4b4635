import type { EventEmitter } from 'node:events';
import type { Logger } from '@cordon/service';
import type Provider from 'oidc-provider';

const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'error' in error && typeof error.error === 'string'
    ? error.error
    : undefined;

/** What no client of ours sends: used codes and tokens, foreign keys and secrets. */
const forged: ReadonlySet<string> = new Set([
  'invalid_grant',
  'invalid_client',
  'invalid_token',
  'unauthorized_client',
]);

/** The library and Koa would print errors to the console, with what clients sent; here only codes are kept. */
export function logProviderErrors(provider: Provider, logger: Logger): void {
  const failed = (error: unknown) => {
    logger.error('provider failed', { err: error });
  };
  const refused = (_context: unknown, error: unknown) => {
    const code = codeOf(error);
    if (code !== undefined && forged.has(code))
      logger.warn('provider refused', { code, securityEvent: 'protocol-refused' });
    else logger.info('provider refused', { code });
  };
  provider.onerror = failed;
  provider.on('server_error', (_context, error) => {
    failed(error);
  });
  provider.on('authorization.error', refused);
  provider.on('grant.error', refused);
  provider.on('pushed_authorization_request.error', refused);
  provider.on('end_session.error', refused);
  provider.on('revocation.error', refused);
  // Its form is a page of ours: what it refuses was sent from elsewhere, or a second time.
  const emitter: EventEmitter = provider; // the library's types do not know this event
  emitter.on('end_session_confirm.error', (_context: unknown, error: unknown) => {
    logger.warn('provider refused', { code: codeOf(error), securityEvent: 'request-forged' });
  });
}

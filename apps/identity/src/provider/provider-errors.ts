import type { Logger } from '@cordon/service';
import type Provider from 'oidc-provider';

const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'error' in error && typeof error.error === 'string'
    ? error.error
    : undefined;

/** The library and Koa would print errors to the console, with what clients sent; here only codes are kept. */
export function logProviderErrors(provider: Provider, logger: Logger): void {
  const failed = (error: unknown) => {
    logger.error('provider failed', { err: error });
  };
  const refused = (_context: unknown, error: unknown) => {
    logger.info('provider refused', { code: codeOf(error) });
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
}

import { isPublicError } from './error.ts';
import type { Logger } from './log.ts';
import { refuseProviderKeys } from './provider-keys.ts';
import { limitOutgoingTls } from './tls.ts';

export interface Closable {
  close(): Promise<unknown>;
}

/** Requests in flight get this long before the process ends anyway. */
const closeTimeoutMs = 8_000;

/**
 * Runs a process until SIGTERM, SIGINT, or the end of the parent that started it (IPC closed), then closes it in
 * order. A start that fails says why in one sentence and exits with 1. A process that is given the way to a model does not start,
 * unless it is the one that may ask one.
 */
export async function runService(
  logger: Logger,
  start: () => Promise<Closable>,
  { mayAskModels = false }: { readonly mayAskModels?: boolean } = {},
): Promise<void> {
  let service: Closable;
  try {
    limitOutgoingTls();
    if (!mayAskModels) refuseProviderKeys(process.env);
    service = await start();
  } catch (error) {
    logger.error('start failed', { err: error });
    process.stderr.write(`${isPublicError(error) ? error.publicMessage : 'The process could not start; its log says why.'}\n`);
    process.exit(1);
  } // prettier-ignore
  let closing = false;
  const close = (signal: string) => {
    if (closing) return;
    closing = true;
    logger.info('closing', { signal });
    setTimeout(() => process.exit(1), closeTimeoutMs).unref();
    service.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error('close failed', { err: error });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', close);
  process.on('SIGINT', close);
  if (process.channel) {
    process.on('disconnect', () => {
      close('parent ended');
    });
    process.send?.('ready');
  }
}

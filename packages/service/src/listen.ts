import { ServiceError } from './error.ts';
import type { Logger } from './log.ts';
import type { Closable } from './run.ts';
import type { CordonServer } from './server.ts';

/**
 * Begins to listen, and answers the port. A server that cannot is closed, with all that its hooks close.
 * @throws ServiceError `port-taken`
 */
export async function listenAt(
  server: CordonServer,
  place: { readonly host: string; readonly port: number },
): Promise<number> {
  try {
    await server.listen({ host: place.host, port: place.port });
  } catch (error) {
    await server.close();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const message = `Port ${place.port} is taken. Stop what uses it, or choose another base port.`;
    throw new ServiceError('port-taken', message, { cause: error });
  }
  const address = server.server.address();
  return typeof address === 'object' && address ? address.port : place.port;
}

/**
 * Sets a server up, and begins to listen. Where either fails the server is closed, with all that its hooks close.
 * @throws ServiceError `port-taken`, and what `setUp` throws
 */
export async function startServer(
  server: CordonServer,
  place: { readonly host: string; readonly port: number },
  logger: Logger,
  setUp: () => Promise<void>,
): Promise<Closable & { readonly port: number }> {
  try {
    await setUp();
  } catch (error) {
    await server.close();
    throw error;
  }
  const port = await listenAt(server, place);
  logger.info('listening', { port });
  return { port, close: () => server.close() };
}

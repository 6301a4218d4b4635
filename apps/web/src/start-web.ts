import {
  checkAnswers,
  createServer,
  registerHealth,
  startServer,
  type Closable,
  type Logger,
} from '@cordon/service';
import {
  registerEngineProxy,
  registerFramedPages,
  registerPages,
  requestGuardPlugin,
  securityHeadersPlugin,
} from '@cordon/web-guard';
import { fileURLToPath } from 'node:url';
import type { WebSettings } from './settings.ts';
import { createVisits } from './visitor-routes.ts';

const pagesFolder = fileURLToPath(new URL('../dist/ui', import.meta.url));
const chatFolder = fileURLToPath(new URL('../../chat-ui/dist/ui', import.meta.url));
const probes = ['/health/live', '/health/ready'];

/**
 * Starts the public site: its pages, the chat in a frame with a policy of its own, and the way of visitors to the engine. It holds no
 * session, no database and no key but the one that signs tokens of visitors.
 * @throws ServiceError `port-taken`; WebGuardError when the pages are not built.
 */
export async function startWeb(
  settings: WebSettings,
  logger: Logger,
): Promise<Closable & { readonly port: number }> {
  const server = createServer({
    logger,
    trustProxy: settings.trustedProxies,
    ...(settings.tls ? { http: { https: settings.tls } } : {}),
  });
  return startServer(server, settings, logger, async () => {
    await server.register(securityHeadersPlugin, {
      profile: 'page',
      additions: { framesFrom: ["'self'"] },
      framedBelow: '/chat',
    });
    await server.register(requestGuardPlugin, {
      publicOrigin: settings.publicUrl,
      pages: ['/*', '/assets/*', '/chat/*', '/chat/assets/*'],
      anyHost: probes,
    });
    const visits = createVisits(settings);
    visits.registerVisits(server);
    await registerEngineProxy(server, { engineUrl: settings.engineUrl, bodyLimit: 256 * 1024 }, visits);
    await registerFramedPages(server, {
      below: '/chat',
      folder: chatFolder,
      settings: {
        audience: 'visitors',
        ...(settings.phone !== undefined && { phone: settings.phone }),
      },
    });
    await registerPages(server, { folder: pagesFolder });
    registerHealth(server, [
      { name: 'engine', run: () => checkAnswers(`${settings.engineUrl}/health/live`) },
    ]);
  });
}

import { randomBytes } from 'node:crypto';
import { createLogger, databaseSettings } from '@cordon/service';
import { startSessionApp, type ProviderOptions } from '@cordon/web-guard';
import type { StoreClones } from '@cordon/stores/testing';
import { consoleApp } from '../../apps/console/src/console-app.ts';
import { buildTestPages } from '../../packages/web-guard/testing.ts';

/** The console's own server, with the smallest pages. */
export async function startTestConsole(options: {
  port: number;
  provider: ProviderOptions;
  engineUrl: string;
  stores: StoreClones;
}): Promise<{ close: () => Promise<void> }> {
  const pages = await buildTestPages();
  const { clientSecret, ...provider } = options.provider;
  const server = await startSessionApp(
    { ...consoleApp, pagesFolder: pages.folder },
    {
      host: '127.0.0.1',
      port: options.port,
      publicUrl: `http://localhost:${options.port}`,
      provider,
      clientSecret,
      engineUrl: options.engineUrl,
      sessionKey: randomBytes(32),
      limits: consoleApp.limits,
      trustedProxies: undefined,
      tls: undefined,
      database: databaseSettings(
        consoleApp.sessionsRole,
        options.stores.environment([consoleApp.sessionsRole]),
      ),
    },
    createLogger({ app: 'console', level: 'silent' }),
  );
  return {
    async close() {
      await server.close();
      await pages.remove();
    },
  };
}

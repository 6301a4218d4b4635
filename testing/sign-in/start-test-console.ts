import { randomBytes } from 'node:crypto';
import { createLogger, databaseSettings, type ListenerTls } from '@cordon/service';
import { startSessionApp, type ProviderOptions, type SessionApp } from '@cordon/web-guard';
import type { StoreClones } from '@cordon/stores/testing';
import { consoleApp } from '../../apps/console/src/console-app.ts';
import { buildTestPages } from '../../packages/web-guard/testing.ts';

/** The console's own server, or another application's, with the smallest pages. */
export async function startTestConsole(options: {
  app?: SessionApp;
  /** Its real pages, instead of the smallest. */
  builtPages?: string;
  port: number;
  provider: ProviderOptions;
  engineUrl: string;
  stores: StoreClones;
  /** Serves https itself. */
  tls?: ListenerTls;
}): Promise<{ logLines: readonly string[]; close: () => Promise<void> }> {
  const { app = consoleApp } = options;
  const pages = await buildTestPages();
  const logLines: string[] = [];
  const { clientSecret, ...provider } = options.provider;
  const server = await startSessionApp(
    {
      ...app,
      pagesFolder: options.builtPages ?? pages.folder,
      ...(app.framed ? { framed: { ...app.framed, folder: pages.folder } } : {}),
    },
    {
      host: '127.0.0.1',
      port: options.port,
      publicUrl: `${options.tls ? 'https' : 'http'}://localhost:${options.port}`,
      provider,
      clientSecret,
      engineUrl: options.engineUrl,
      sessionKey: randomBytes(32),
      limits: app.limits,
      trustedProxies: undefined,
      tls: options.tls,
      database: databaseSettings(app.sessionsRole, options.stores.environment([app.sessionsRole])),
    },
    createLogger({
      app: app.name,
      level: 'info',
      destination: { write: (line: string) => void logLines.push(line) },
    }),
  );
  return {
    logLines,
    async close() {
      await server.close();
      await pages.remove();
    },
  };
}

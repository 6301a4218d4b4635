import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@cordon/service';
import Provider from 'oidc-provider';
import type { Pool } from 'pg';
import type { Audit } from '../audit.ts';
import { ArtefactAdapter } from './adapter.ts';
import { createAnnouncements } from './announcements.ts';
import { createClientAdapter } from './client-adapter.ts';
import { createConfiguration, type ProviderDependencies } from './configuration.ts';
import type { TokenFamily } from './families.ts';
import { createGrantAdapter } from './grant-adapter.ts';
import { logProviderErrors } from './provider-errors.ts';
import { createRevocations, type Revocations } from './revocations.ts';
import type { SigningKeys } from './signing-keys.ts';

export interface ProviderHost {
  current: () => Provider;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  readonly revocations: Revocations;
  stop: () => Promise<void>;
}

const checkKeysEveryMs = 10 * 60 * 1000;

/** Missing in the library's types. */
interface NotifiedClient {
  backchannelLogout(subject: string, sid: string): Promise<void>;
}

function canBeNotified<T extends object>(client: T): client is T & NotifiedClient {
  return (
    'backchannelLogoutUri' in client &&
    client.backchannelLogoutUri !== undefined &&
    'backchannelLogout' in client
  );
}

/** Builds the provider, and builds it anew when its signing keys have changed: the library reads them once. */
export async function createProviderHost(options: {
  pool: Pool;
  logger: Logger;
  audit: Audit;
  signingKeys: SigningKeys;
  deps: Omit<ProviderDependencies, 'revocations' | 'createAdapter' | 'audit'>;
}): Promise<ProviderHost> {
  const { pool, logger, audit, signingKeys } = options;

  async function sendLogoutToken(family: TokenFamily): Promise<void> {
    const client = await provider.Client.find(family.clientId);
    if (client && canBeNotified(client)) await client.backchannelLogout(family.accountId, family.sid);
  }

  const { families, engine } = options.deps;
  const announcements = createAnnouncements({ families, engine, sendLogoutToken, logger });
  const revocations = createRevocations({ families, audit, announcements, logger });
  const deps: ProviderDependencies = {
    ...options.deps,
    audit,
    revocations,
    createAdapter(model) {
      if (model === 'Client') return createClientAdapter(options.deps.services);
      if (model === 'Grant') return createGrantAdapter(families, revocations);
      return new ArtefactAdapter(model, pool, revocations);
    },
  };

  let keyIds = '';
  let provider: Provider;
  async function build(): Promise<void> {
    const keys = await signingKeys.load();
    const ids = keys.map((key) => key.kid).join(' ');
    if (ids === keyIds) return;
    const built = new Provider(deps.issuer, createConfiguration(deps, keys));
    // The mount pins the headers that this makes Koa read.
    built.proxy = true;
    logProviderErrors(built, logger);
    handler = built.callback();
    provider = built;
    keyIds = ids;
  }
  let handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  await build();

  const timer = setInterval(() => {
    build().catch((error: unknown) => {
      logger.error('signing keys not read', { err: error });
    });
  }, checkKeysEveryMs);
  timer.unref();
  return {
    current: () => provider,
    revocations,
    handle: (request, response) => handler(request, response),
    stop: () => {
      clearInterval(timer);
      return announcements.stop();
    },
  };
}

import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import type { StoreDefinition } from './definitions.ts';
import { StoresError } from './errors.ts';
import type { StoreServer } from './setup/set-up-stores.ts';

/** A server of your own that holds one store. */
export interface OwnServer extends StoreServer {
  readonly host: string;
  readonly port: number;
}

/** Servers by the store that each holds. */
export interface OwnServers {
  /** By store. */
  readonly servers: ReadonlyMap<string, OwnServer>;
  /** The certificates of the authorities that the servers are trusted by, PEM. */
  readonly authorities: string;
}

function urlVariableOf(store: string): string {
  return `CORDON_${store.toUpperCase()}_URL`;
}

/**
 * Reads `CORDON_<STORE>_URL` of every store, an administrator's URL each, and `CORDON_DATABASE_CA_FILE` (default:
 * the authorities that Node trusts). Undefined when none is set. Throws `server-url-invalid` naming what is missing or
 * wrong, never a value, and `server-tls-required` for a server beyond loopback without `sslmode=verify-full`.
 */
export async function readOwnServers(
  environment: NodeJS.ProcessEnv,
  definitions: readonly StoreDefinition[],
): Promise<OwnServers | undefined> {
  const variables = definitions.map(({ store }) => urlVariableOf(store));
  const missing = variables.filter((name) => !environment[name]);
  if (missing.length === variables.length) return undefined;
  if (missing.length > 0)
    throw new StoresError(
      'server-url-invalid',
      `Your own PostgreSQL replaces the embedded one for all stores or none: set ${missing.join(', ')} as well.`,
    );
  const file = environment['CORDON_DATABASE_CA_FILE'];
  const authorities = file ? await readAuthorities(file) : rootCertificates.join('\n');
  const servers = new Map<string, OwnServer>();
  for (const { store } of definitions)
    servers.set(
      store,
      parseServer(urlVariableOf(store), environment[urlVariableOf(store)] ?? '', authorities),
    );
  return { servers, authorities };
}

async function readAuthorities(file: string): Promise<string> {
  const refuse = (reason: string, cause?: unknown): StoresError =>
    new StoresError('server-url-invalid', `Correct CORDON_DATABASE_CA_FILE: ${file} ${reason}.`, { cause });
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw refuse('cannot be read', error);
  });
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw refuse('holds no PEM certificate');
  return text;
}

function parseServer(variable: string, value: string, authorities: string): OwnServer {
  const refuse = (reason: string): StoresError =>
    new StoresError('server-url-invalid', `Correct ${variable}: ${reason}.`);
  if (!URL.canParse(value)) throw refuse('it must look like postgresql://user:password@host:5432/database');
  const url = new URL(value);
  if (url.protocol !== 'postgresql:' && url.protocol !== 'postgres:')
    throw refuse('it must begin with postgresql://');
  const database = decodeURIComponent(url.pathname.slice(1));
  if (url.hostname === '' || url.username === '' || database === '')
    throw refuse('it must name a user, a host and a database');
  const modes = url.searchParams.getAll('sslmode');
  for (const name of url.searchParams.keys())
    if (name !== 'sslmode') throw refuse(`the parameter "${name.slice(0, 40)}" is not known`);
  if (modes.length > 1) throw refuse('it names sslmode more than once');
  if (modes.some((mode) => mode !== 'verify-full')) throw refuse('the only sslmode is verify-full');
  // Said aloud for a server beyond this machine, so that nobody believes another mode to be in force.
  if (modes.length === 0 && !isLoopback(url.hostname))
    throw new StoresError(
      'server-tls-required',
      `Add ?sslmode=verify-full to ${variable}: beyond this machine the connection needs a certificate that is checked.`,
    );
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || 5432);
  return {
    host,
    port,
    database,
    administrator: {
      host,
      port,
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      ssl: { ca: authorities, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    },
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

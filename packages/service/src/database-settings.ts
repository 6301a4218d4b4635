import { readFileSync } from 'node:fs';
import type { ClientConfig } from 'pg';
import { readSettings, secretFile, url, type Environment } from './settings.ts';
import { z } from 'zod';
import { isLoopbackHost } from './loopback.ts';

/** How one login role reaches its one database. */
export interface DatabaseSettings {
  readonly loginRole: string;
  readonly url: string;
  readonly password: string;
  readonly ca: string;
  /** Client certificate and key, for stores that demand them. */
  readonly certificate?: { readonly cert: string; readonly key: string } | undefined;
}

/**
 * The wire is verified in full whatever the address says. It must say so itself for a server beyond this machine, so that
 * nobody believes another mode to be in force; and none but that one may be asked for.
 */
const databaseUrl = url.superRefine((value, context) => {
  const problem = databaseProblem(new URL(value));
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

function databaseProblem({ protocol, hostname, password, searchParams }: URL): string | undefined {
  if (!/^postgres(ql)?:$/.test(protocol)) return 'must begin with postgresql://';
  // What other clients take from a query (`host`, `service`, a second `sslmode`) is told, not passed over.
  if ([...searchParams.keys()].some((name) => name !== 'sslmode')) return 'takes no parameter but sslmode';
  const modes = searchParams.getAll('sslmode');
  if (modes.length > 1) return 'names sslmode more than once';
  if (modes.some((mode) => mode !== 'verify-full')) return 'the only sslmode is verify-full';
  // Without one the driver would ask the environment (PGHOST), which may name a socket.
  if (!/^[a-z0-9._-]+$/i.test(hostname) && !/^\[[0-9a-f:.]+\]$/i.test(hostname)) return 'must name one host';
  if (password.length > 0) return 'holds a password: name the file that holds it';
  if (modes.length === 0 && !isLoopbackHost(hostname))
    return 'needs ?sslmode=verify-full beyond this machine';
  return undefined;
}

/**
 * Reads `CORDON_DB_<ROLE>_URL`, `…_PASSWORD_FILE`, `CORDON_DB_CA_FILE` and, where present, `…_CERT_FILE` and `…_KEY_FILE`.
 * @throws ServiceError `settings-invalid` when one is missing or unreadable.
 */
export function databaseSettings(
  loginRole: string,
  environment: Environment = process.env,
): DatabaseSettings {
  const prefix = `CORDON_DB_${loginRole.toUpperCase()}`;
  const settings = readSettings(
    z.object({
      [`${prefix}_URL`]: databaseUrl,
      [`${prefix}_PASSWORD_FILE`]: secretFile,
      CORDON_DB_CA_FILE: z.string().min(1),
    }),
    environment,
  );
  const certFile = environment[`${prefix}_CERT_FILE`];
  const keyFile = environment[`${prefix}_KEY_FILE`];
  return {
    loginRole,
    url: String(settings[`${prefix}_URL`]),
    password: String(settings[`${prefix}_PASSWORD_FILE`]),
    ca: readFileSync(String(settings['CORDON_DB_CA_FILE']), 'utf8'),
    certificate:
      certFile && keyFile
        ? { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
        : undefined,
  };
}

/** TLS is verified in full (chain and host name), always: a database wire without it is refused, not downgraded. */
export function toClientConfig(settings: DatabaseSettings, applicationName: string): ClientConfig {
  const target = new URL(settings.url);
  return {
    host: target.hostname.replace(/^\[|\]$/g, ''),
    port: Number(target.port || 5432),
    database: decodeURIComponent(target.pathname.slice(1)),
    user: settings.loginRole,
    password: settings.password,
    application_name: applicationName,
    ssl: { ca: settings.ca, rejectUnauthorized: true, minVersion: 'TLSv1.2', ...settings.certificate },
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  };
}

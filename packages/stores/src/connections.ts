import { Client, type ClientConfig } from 'pg';
import { errorCodeOf, StoresError } from './errors.ts';

/** Opens one connection for the length of `work`. Throws `server-unreachable` when it cannot be opened. */
export async function withConnection<T>(
  config: ClientConfig,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    application_name: 'cordon set-up',
    connectionTimeoutMillis: 10_000,
    ...config,
  });
  // A server that ends under an idle connection is reported by the next query; without a listener it would end us.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => undefined);
    throw explainConnection(config, error);
  }
  try {
    return await work(client);
  } catch (error) {
    // 53100: disk full.
    if (errorCodeOf(error) !== '53100') throw error;
    throw new StoresError('disk-full', 'The disk of the database server is full: free at least 500 MB.', {
      cause: error,
    });
  } finally {
    await client.end();
  }
}

function explainConnection(config: ClientConfig, error: unknown): unknown {
  // 3D000: no such database; the caller decides what to make of it.
  if (errorCodeOf(error) === '3D000') return error;
  return new StoresError(
    'server-unreachable',
    `PostgreSQL at ${config.host ?? 'its address'}, port ${config.port ?? 5432}, let no connection in as ` +
      `${config.user ?? 'its user'}: check that it runs, its address, password and certificate authority.`,
    { cause: error, detail: errorCodeOf(error) ?? 'no code' },
  );
}

/** `name` as an SQL identifier. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

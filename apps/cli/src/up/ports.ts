import { createServer } from 'node:net';
import { CliError } from '../error.ts';
import type { Ports } from './layout.ts';

const names: Record<keyof Ports, string> = {
  console: 'the console',
  portal: 'the portal',
  engine: 'the engine',
  identity: 'identity',
  engineInternal: 'the engine’s internal listener',
  postgres: 'PostgreSQL',
  web: 'the public site',
};

/** Throws `port-taken` naming every port that another program holds, and how to choose others. */
export async function requireFreePorts(ports: Ports, without: readonly (keyof Ports)[] = []): Promise<void> {
  const taken: string[] = [];
  for (const key of Object.keys(names) as (keyof Ports)[])
    if (!without.includes(key) && (await isTaken(ports[key]))) taken.push(`${ports[key]} (${names[key]})`);
  if (taken.length === 0) return;
  throw new CliError(
    'port-taken',
    `Taken by another program: port ${taken.join(', port ')}. Choose seven free ports in a row by their first: ` +
      'npm start -- --port 7500, or set CORDON_BASE_PORT.',
  );
}

/** On either loopback address: browsers try both for "localhost", and must not reach somebody else. */
async function isTaken(port: number): Promise<boolean> {
  return (await isTakenAt('127.0.0.1', port)) || (await isTakenAt('::1', port));
}

function isTakenAt(host: string, port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      // A machine without IPv6 has nobody there.
      resolve(error.code === 'EADDRINUSE' || error.code === 'EACCES');
    });
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => {
        resolve(false);
      });
    });
  });
}

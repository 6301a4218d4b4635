import { parseArgs } from 'node:util';
import { CliError } from '../error.ts';
import { basePortRange, defaultBasePort } from './layout.ts';

export interface UpOptions {
  /** Remove data and secrets first. */
  readonly fresh: boolean;
  /** Serve https with a private authority. */
  readonly tls: boolean;
  readonly basePort: number;
}

/** Reads the words behind `cordon up`; the port falls back to `CORDON_BASE_PORT`. Throws `arguments-invalid`. */
export function readUpOptions(args: readonly string[], environment: NodeJS.ProcessEnv): UpOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { fresh: { type: 'boolean' }, tls: { type: 'boolean' }, port: { type: 'string' } },
    strict: true,
    allowPositionals: false,
  });
  const given = values.port ?? environment['CORDON_BASE_PORT'] ?? String(defaultBasePort);
  const basePort = /^\d{1,5}$/.test(given) ? Number(given) : Number.NaN;
  if (!(basePort >= basePortRange.lowest && basePort <= basePortRange.highest))
    throw new CliError(
      'arguments-invalid',
      `The base port (--port or CORDON_BASE_PORT) must be a number from ${basePortRange.lowest} to ${basePortRange.highest}.`,
    );
  return { fresh: values.fresh ?? false, tls: values.tls ?? false, basePort };
}

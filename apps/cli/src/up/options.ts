import { parseArgs } from 'node:util';
import { CliError } from '../error.ts';
import { basePortRange, defaultBasePort } from './layout.ts';

export interface UpOptions {
  /** Remove data and secrets first. */
  readonly fresh: boolean;
  /** Serve https with a private authority. */
  readonly tls: boolean;
  /** Add no demo data. */
  readonly empty: boolean;
  readonly basePort: number;
}

/**
 * Reads the words behind `cordon up`; the port falls back to `CORDON_BASE_PORT`.
 * @throws CliError `arguments-invalid`, in production too: everything on one machine, with its root key in a file, is not that
 */
export function readUpOptions(args: readonly string[], environment: NodeJS.ProcessEnv): UpOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      fresh: { type: 'boolean' },
      tls: { type: 'boolean' },
      empty: { type: 'boolean' },
      port: { type: 'string' },
    },
    strict: true,
    allowPositionals: false,
  });
  if (environment['CORDON_ENV'] === 'production')
    throw new CliError(
      'arguments-invalid',
      'CORDON_ENV is production, and this starts a demo, or a trial with its root key in a file. For production start each ' +
        'process with its own settings: docs/operating.md.',
    );
  const given = values.port ?? environment['CORDON_BASE_PORT'] ?? String(defaultBasePort);
  const basePort = /^\d{1,5}$/.test(given) ? Number(given) : Number.NaN;
  if (!(basePort >= basePortRange.lowest && basePort <= basePortRange.highest))
    throw new CliError(
      'arguments-invalid',
      `The base port (--port or CORDON_BASE_PORT) must be a number from ${basePortRange.lowest} to ${basePortRange.highest}.`,
    );
  return { fresh: values.fresh ?? false, tls: values.tls ?? false, empty: values.empty ?? false, basePort };
}

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a checkout keeps what it makes, and on which ports it listens. */
export interface Layout {
  readonly root: string;
  /** `.cordon` in the checkout. */
  readonly state: string;
  readonly secrets: string;
  readonly logs: string;
  /** Encrypted objects of the engine. */
  readonly objects: string;
  /** The published audit log: tiles and checkpoints, for anybody to read. */
  readonly log: string;
  /** The apps' own folder for temporary files. */
  readonly temporary: string;
  readonly database: string;
  readonly config: string;
  readonly ports: Ports;
}

export interface Ports {
  readonly console: number;
  readonly portal: number;
  readonly engine: number;
  readonly identity: number;
  readonly engineInternal: number;
  readonly postgres: number;
  readonly web: number;
}

/** SQL of the packages that every store's migrations begin with. */
export const sharedSqlOf = (root: string) => ({
  rowSecurity: join(root, 'packages', 'row-security', 'sql'),
  fieldEncryption: join(root, 'packages', 'field-encryption', 'sql'),
});

export const defaultBasePort = 7400;
/** Ports below need privileges; the last one must exist. */
export const basePortRange = { lowest: 1024, highest: 65_535 - 6 } as const;

export const checkoutRoot = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/\/$/, '');

/** The three configuration files that are in force: those of the installation, as its engine is told, or else the checkout's. */
export const configFolder = (): string => process.env['CORDON_CONFIG_DIR'] ?? join(checkoutRoot, 'config');

export function makeLayout(root: string, basePort: number): Layout {
  const state = join(root, '.cordon');
  return {
    root,
    state,
    secrets: join(state, 'secrets'),
    logs: join(state, 'logs'),
    objects: join(state, 'objects'),
    log: join(state, 'log'),
    temporary: join(state, 'tmp'),
    database: join(root, 'database'),
    config: join(root, 'config'),
    ports: {
      console: basePort,
      portal: basePort + 1,
      engine: basePort + 2,
      identity: basePort + 3,
      engineInternal: basePort + 4,
      postgres: basePort + 5,
      web: basePort + 6,
    },
  };
}

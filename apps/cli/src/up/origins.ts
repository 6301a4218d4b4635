import type { Ports } from './layout.ts';

/** Where each listener is reached. */
export interface Origins {
  readonly console: string;
  readonly portal: string;
  readonly engine: string;
  readonly identity: string;
  readonly engineInternal: string;
  readonly web: string;
}

export function makeOrigins(ports: Ports, tls: boolean): Origins {
  const scheme = tls ? 'https' : 'http';
  return {
    console: `${scheme}://localhost:${ports.console}`,
    portal: `${scheme}://localhost:${ports.portal}`,
    engine: `${scheme}://localhost:${ports.engine}`,
    identity: `${scheme}://localhost:${ports.identity}`,
    web: `${scheme}://localhost:${ports.web}`,
    // Always over mutual TLS, also in the demo.
    engineInternal: `https://localhost:${ports.engineInternal}`,
  };
}

import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { makeLayout } from './layout.ts';
import { findFreeBasePort } from '../../../../testing/end-to-end/find-ports.ts';
import { requireFreePorts } from './ports.ts';

let servers: Server[] = [];
afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
});

async function take(port: number, host: string): Promise<void> {
  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening');
  servers.push(server);
}

describe('requireFreePorts', () => {
  it('is content with free ports, and holds none of them afterwards', async () => {
    const { ports } = makeLayout('/nowhere', await findFreeBasePort());
    await requireFreePorts(ports);
    await requireFreePorts(ports);
  });

  it('names every taken port, what wanted it, and how to choose others', async () => {
    const base = await findFreeBasePort();
    const { ports } = makeLayout('/nowhere', base);
    await take(ports.engine, '127.0.0.1');
    await take(ports.postgres, '127.0.0.1');
    await expect(requireFreePorts(ports)).rejects.toMatchObject({
      code: 'port-taken',
      publicMessage: `Taken by another program: port ${base + 2} (the engine), port ${base + 5} (PostgreSQL). Choose seven free ports in a row by their first: npm start -- --port 7500, or set CORDON_BASE_PORT.`,
    });
  });

  it('counts a port on any address that answers for localhost', async () => {
    const { ports } = makeLayout('/nowhere', await findFreeBasePort());
    await take(ports.console, '0.0.0.0');
    await expect(requireFreePorts(ports)).rejects.toThrow(/the console/);
  });
});

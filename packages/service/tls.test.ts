import { constants } from 'node:crypto';
import { connect, createServer as createTlsServer, type ConnectionOptions } from 'node:tls';
import { issueAuthority, issueCertificate } from '@cordon/stores/certificates';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLogger, createServer, limitOutgoingTls, serverTls, type CordonServer } from './index.ts';

const resolve = vi.hoisted(() => vi.fn());
vi.mock('node:dns/promises', async (original) => {
  const own = await original<typeof import('node:dns/promises')>();
  resolve.mockImplementation(own.lookup);
  return { ...own, lookup: resolve };
});

const logger = createLogger({ app: 'test', destination: { write: () => undefined } });
let server: CordonServer;
let port: number;
let ca: string;
beforeAll(async () => {
  const authority = await issueAuthority('Test authority', 2);
  const { certificate, key } = await issueCertificate(authority, {
    commonName: 'localhost',
    use: 'server',
    hosts: ['localhost'],
    days: 2,
  });
  ca = authority.certificate;
  server = createServer({ logger, http: { https: { cert: certificate, key } } });
  port = Number(new URL(await server.listen({ host: '127.0.0.1', port: 0 })).port);
});
afterAll(() => server.close());

/** What was agreed on, or why nothing was. */
function greet(options: ConnectionOptions): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca, ...options });
    socket.once('secureConnect', () => {
      resolve(`${socket.getProtocol() ?? ''} ${socket.getCipher().name}`);
      socket.destroy();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
  });
}

describe('a TLS listener', () => {
  it('speaks TLS 1.3 where the other side can', async () => {
    expect(await greet({})).toMatch(
      /^TLSv1\.3 TLS_(AES_256_GCM_SHA384|CHACHA20_POLY1305_SHA256|AES_128_GCM_SHA256)$/,
    );
  });

  it.each([
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
  ])('speaks TLS 1.2 with forward secrecy and AEAD: %s', async (ciphers) => {
    expect(await greet({ maxVersion: 'TLSv1.2', ciphers })).toBe(`TLSv1.2 ${ciphers}`);
  });

  // Security level 0 lets this side offer what the other must refuse.
  it.each([
    'ECDHE-ECDSA-AES256-SHA384',
    'ECDHE-ECDSA-AES128-SHA256',
    'ECDHE-ECDSA-AES128-SHA',
    'ECDHE-ECDSA-AES256-CCM',
    'AES256-SHA',
    'ECDHE-ECDSA-NULL-SHA',
  ])('refuses %s', async (ciphers) => {
    expect(await greet({ maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` })).toMatch(
      /^(ERR_SSL|ECONNRESET|EPROTO)/,
    );
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('refuses %s', async (version) => {
    const options = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' };
    expect(await greet(options)).toMatch(/^(ERR_SSL|ECONNRESET|EPROTO)/);
  });

  it('does not negotiate anew within a connection', async () => {
    const told = await new Promise<string>((resolve) => {
      const options = {
        host: '127.0.0.1',
        port,
        servername: 'localhost',
        ca,
        maxVersion: 'TLSv1.2',
      } as const;
      const socket = connect(options);
      const tell = (answer: string): void => {
        resolve(answer);
        socket.destroy();
      };
      socket.once('secureConnect', () => {
        socket.renegotiate({}, (error: Error | null) => {
          tell(error?.message ?? 'negotiated anew');
        });
      });
      socket.once('error', (error: Error) => {
        tell(error.message);
      });
    });
    // The warning no_renegotiation (RFC 5246, 7.2.2), which ends the connection at the asking side.
    expect(told).toMatch(/no renegotiation/);
  });

  it('compresses nothing', () => {
    expect(serverTls.secureOptions & constants.SSL_OP_NO_COMPRESSION).toBe(constants.SSL_OP_NO_COMPRESSION);
  });

  it('is trusted by nobody who does not trust its authority', async () => {
    expect(await greet({ ca: undefined })).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED/);
  });
});

describe('a listener without TLS', () => {
  it.each(['0.0.0.0', '::', '::ffff:0.0.0.0', '', '10.0.0.4', 'clinic.example'])(
    'refuses to start at %s, and says why',
    async (host) => {
      const open = createServer({ logger });
      await expect(open.listen({ host, port: 0 })).rejects.toMatchObject({
        code: 'settings-invalid',
        publicMessage: expect.stringContaining('CORDON_TLS_CERT_FILE') as string,
      });
      await open.close();
    },
  );

  it('refuses a name below localhost that the resolver takes beyond this machine', async () => {
    resolve.mockResolvedValueOnce([
      { address: '127.0.0.1', family: 4 },
      { address: '10.0.0.4', family: 4 },
    ]);
    const open = createServer({ logger });
    await expect(open.listen({ host: 'clinic.localhost', port: 0 })).rejects.toMatchObject({
      code: 'settings-invalid',
    });
    await open.close();
  });

  it('starts on loopback', async () => {
    const open = createServer({ logger });
    expect(await open.listen({ host: '127.0.0.1', port: 0 })).toMatch(/^http:/);
    await open.close();
  });
});

describe('a connection that a process opens', () => {
  it('is not to be had where Node was told to take any certificate', () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    expect(limitOutgoingTls).toThrow(/NODE_TLS_REJECT_UNAUTHORIZED/);
    vi.unstubAllEnvs();
  });

  it('takes a suite without AEAD from nobody, whatever the library that opens it', async () => {
    const authority = await issueAuthority('Old authority', 2);
    const { certificate, key } = await issueCertificate(authority, {
      commonName: 'localhost',
      use: 'server',
      hosts: ['localhost'],
      days: 2,
    });
    const old = createTlsServer({
      cert: certificate,
      key,
      maxVersion: 'TLSv1.2',
      ciphers: 'ECDHE-ECDSA-AES256-SHA384',
    });
    old.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
    const address = old.address() as { port: number };
    const ask = () => greet({ port: address.port, ca: authority.certificate });
    try {
      // What Node takes by itself.
      expect(await ask()).toBe('TLSv1.2 ECDHE-ECDSA-AES256-SHA384');
      limitOutgoingTls();
      expect(await ask()).toMatch(/^(ERR_SSL|ECONNRESET|EPROTO)/);
      expect(await greet({})).toMatch(/^TLSv1\.3 /);
    } finally {
      old.close();
    }
  });
});

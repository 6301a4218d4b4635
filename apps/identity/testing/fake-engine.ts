import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { issueAuthority, issueCertificate } from '@cordon/stores';
import type { SignInGrant } from '../src/engine/sign-in-grants.ts';
import type { EngineSettings } from '../src/settings.ts';

/** The engine's internal listener: real mutual TLS, memberships from a map. */
export interface FakeEngine {
  readonly settings: EngineSettings;
  readonly grants: Map<string, SignInGrant[]>;
  /** Common names of the certificates that callers showed. */
  readonly callers: string[];
  /** While true, every question ends in an error. */
  away: boolean;
  close(): Promise<void>;
}

async function readBody(request: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

export async function startFakeEngine(): Promise<FakeEngine> {
  const authority = await issueAuthority('test internal authority', 2);
  const own = await issueCertificate(authority, { commonName: 'engine', use: 'server', hosts: ['localhost', '127.0.0.1'], days: 2 }); // prettier-ignore
  const client = await issueCertificate(authority, { commonName: 'identity', use: 'client', days: 2 });
  const grants = new Map<string, SignInGrant[]>();
  const callers: string[] = [];
  const server: Server = createServer(
    {
      cert: own.certificate,
      key: own.key,
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) => {
      void readBody(request).then((text) => {
        if (request.socket instanceof TLSSocket)
          callers.push(String(request.socket.getPeerCertificate().subject.CN));
        const { accountId } = JSON.parse(text) as { accountId: string };
        response.statusCode = engine.away ? 503 : 200;
        response.end(engine.away ? '' : JSON.stringify({ grants: grants.get(accountId) ?? [] }));
      });
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const engine: FakeEngine = {
    settings: {
      url: `https://localhost:${port}`,
      cert: client.certificate,
      key: client.key,
      ca: authority.certificate,
    },
    grants,
    callers,
    away: false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return engine;
}

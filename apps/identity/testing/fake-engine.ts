import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { issueAuthority, issueCertificate } from '@cordon/stores/certificates';
import type { EngineGrants, SignInGrant } from '../src/engine/sign-in-grants.ts';
import type { EngineSettings } from '../src/settings.ts';

type MembershipAsk = Parameters<EngineGrants['grantMembership']>[0];

/** The engine's internal listener: real mutual TLS, memberships from a map. */
export interface FakeEngine {
  readonly settings: EngineSettings;
  readonly grants: Map<string, SignInGrant[]>;
  /** Common names of the certificates that callers showed. */
  readonly callers: string[];
  /** Until when the tokens of a session are refused, by `sid`. */
  readonly revoked: Map<string, string>;
  /** Memberships that were asked for, and whether they are given. */
  readonly asks: MembershipAsk[];
  grantsMemberships: boolean;
  /** While true, every question ends in an error. */
  away: boolean;
  /** While true, a connection that has served once is closed instead of being answered. */
  hangsUp: boolean;
  /** How much of an answer comes before nothing more does. */
  falls: 'silent-at-once' | 'silent-midway' | undefined;
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
  const revoked = new Map<string, string>();
  const served = new WeakSet();
  const server: Server = createServer(
    {
      cert: own.certificate,
      key: own.key,
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) => {
      if (engine.hangsUp && served.has(request.socket)) {
        request.socket.destroy();
        return;
      }
      served.add(request.socket);
      if (engine.falls === 'silent-midway') response.writeHead(200).write('{"gr');
      if (engine.falls !== undefined) return;
      void readBody(request).then((text) => {
        if (request.socket instanceof TLSSocket)
          callers.push(String(request.socket.getPeerCertificate().subject.CN));
        const body = JSON.parse(text) as MembershipAsk & { sessionId: string; until: string };
        if (engine.away) response.writeHead(503).end();
        else if (request.url === '/internal/v1/sign-in-grants')
          response.writeHead(200).end(JSON.stringify({ grants: grants.get(body.accountId) ?? [] }));
        else if (request.url === '/internal/v1/memberships') {
          engine.asks.push(body);
          if (engine.grantsMemberships)
            grants.set(body.accountId, [
              {
                tenantId: body.tenantId,
                tenantName: 'North Street Dental',
                role: body.role,
                clinics: body.clinicIds.map((id) => ({ id, name: 'North Street' })),
                patientRecordId: null,
                factorRequired: true,
              },
            ]);
          response.writeHead(200).end(JSON.stringify({ granted: engine.grantsMemberships }));
        } else {
          revoked.set(body.sessionId, body.until);
          response.writeHead(204).end();
        }
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
    revoked,
    asks: [],
    grantsMemberships: true,
    away: false,
    hangsUp: false,
    falls: undefined,
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

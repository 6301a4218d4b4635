import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { createServer as createPlain, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { issueAuthority, issueCertificate, type Credential } from '@cordon/stores/certificates';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tellOutcome } from './testing/ask-provider.ts';
import type { AskedOnce, AskOnce } from './testing/ask-once.ts';
import { openProtocolServer, type ProtocolServer } from './testing/protocol-server.ts';
import { openWire } from './wire.ts';

const folder = mkdtempSync(join(tmpdir(), 'cordon-wire-'));
const body = JSON.stringify({ choices: [{ message: { content: 'All is well.' }, finish_reason: 'stop' }] });

interface Listener {
  readonly url: string;
  readonly port: number;
  readonly requests: () => number;
  readonly close: () => Promise<unknown>;
}

/** A provider that speaks TLS; what it was sent in vain is nothing. */
async function openSecure({ certificate: cert, key }: Credential): Promise<Listener> {
  let requests = 0;
  const server: Server = createServer({ cert, key }, (request, response) => {
    requests += 1;
    request.resume().on('end', () => response.end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    requests: () => requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Counts who comes, and refuses: a proxy that was asked has seen too much already. */
async function openProxy(): Promise<Listener> {
  let requests = 0;
  const server = createPlain((socket) => {
    requests += 1;
    socket.on('error', () => undefined).resume();
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests: () => requests,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

let plain: ProtocolServer;
let secure: Listener;
let proxy: Listener;
let authority: Credential;
const authorityFile = join(folder, 'authority.pem');
beforeAll(async () => {
  authority = await issueAuthority('somebody', 2);
  writeFileSync(authorityFile, authority.certificate);
  const request = { commonName: 'model', use: 'server', hosts: ['127.0.0.1'], days: 2 } as const;
  [plain, secure, proxy] = await Promise.all([
    openProtocolServer(),
    issueCertificate(authority, request).then(openSecure),
    openProxy(),
  ]);
  plain.answer = { pieces: [body] };
});
afterAll(async () => {
  await Promise.all([plain.close(), secure.close(), proxy.close()]);
  rmSync(folder, { recursive: true });
});

async function askIn(environment: Record<string, string>, asked: AskOnce): Promise<AskedOnce> {
  const program = fileURLToPath(new URL('testing/ask-once.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=cordon-source', program, JSON.stringify(asked)],
    { env: { PATH: process.env['PATH'], ...environment }, timeout: 170_000 },
  );
  return JSON.parse(stdout) as AskedOnce;
}

const proxies = (write: (name: string) => string): Record<string, string> =>
  Object.fromEntries(
    ['http_proxy', 'https_proxy', 'all_proxy', 'npm_config_proxy', 'global_agent_http_proxy'].map((name) => [write(name), proxy.url]),
  ); // prettier-ignore

describe('an environment that names a proxy has no part in a call', () => {
  it.each<[string, () => Record<string, string>]>([
    ['in capitals', () => ({ ...proxies((name) => name.toUpperCase()), NODE_USE_ENV_PROXY: '1' })],
    [
      'in small letters, and by an option of Node’s',
      () => ({ ...proxies((name) => name), NODE_OPTIONS: '--use-env-proxy' }),
    ],
  ])('%s', async (_what, environment) => {
    const before = proxy.requests();
    const received = plain.received.length;
    const { gateway, careless } = await askIn(environment(), { baseUrl: plain.url });
    expect(gateway).toBe('All is well.');
    // Another program of the same process goes to the proxy, and is the only one to do so.
    expect([careless, proxy.requests() - before]).toEqual(['failed', 1]);
    expect(plain.received.length - received).toBe(1);
  });

  it('where it should be encrypted', async () => {
    const before = proxy.requests();
    const environment = { ...proxies((name) => name.toUpperCase()), NODE_USE_ENV_PROXY: '1' };
    const asked = { baseUrl: secure.url, authority: authority.certificate };
    const { gateway, careless } = await askIn(environment, asked);
    expect([gateway, careless, proxy.requests() - before]).toEqual(['All is well.', 'failed', 1]);
  });
});

describe('an environment vouches for nobody', () => {
  it.each<[string, Record<string, string>]>([
    ['that asks for no check', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
    ['with one more authority', { NODE_EXTRA_CA_CERTS: authorityFile }],
    ['with other authorities', { NODE_OPTIONS: '--use-openssl-ca', SSL_CERT_FILE: authorityFile }],
    ['with the authorities of the system', { NODE_OPTIONS: '--use-system-ca', SSL_CERT_FILE: authorityFile }],
  ])('%s', async (_what, environment) => {
    const before = secure.requests();
    const { gateway, careless } = await askIn(environment, { baseUrl: secure.url });
    expect(gateway).toBe('ai-provider-failed');
    // Another program of the same process believes it, and is the only one that sent anything.
    expect([careless, secure.requests() - before]).toEqual(['200', 1]);
  });
});

describe('a certificate', () => {
  it('of the authority that the settings name is good for the address that it names', async () => {
    const settings = { authority: authority.certificate };
    const ask = (baseUrl: string) => tellOutcome({ provider: { baseUrl }, stream: false, settings });
    expect(await ask(secure.url)).toBe('All is well.');
    const before = secure.requests();
    expect(await ask(`https://localhost:${secure.port}`)).toBe('ai-provider-failed');
    const other = { authority: (await issueAuthority('another', 2)).certificate };
    expect(await tellOutcome({ provider: { baseUrl: secure.url }, stream: false, settings: other })).toBe(
      'ai-provider-failed',
    );
    expect(secure.requests()).toBe(before);
  });

  it('of an authority of the house is good for no provider on the Internet', async () => {
    const { trustOf } = openWire({ authority: authority.certificate });
    const shake = (kind: 'local' | 'remote'): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect({ host: '127.0.0.1', port: secure.port, secureContext: trustOf(kind) }, () => {
          socket.destroy();
          resolve('trusted');
        }).on('error', (error: NodeJS.ErrnoException) => {
          resolve(error.code ?? error.message);
        });
      });
    expect(await shake('local')).toBe('trusted');
    expect(await shake('remote')).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });
});

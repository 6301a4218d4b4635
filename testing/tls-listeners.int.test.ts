import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, getCiphers, type ConnectionOptions, type SecureVersion } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readEngineSettings } from '../apps/engine/src/settings.ts';
import { issueAuthority, issueCertificate } from '../packages/stores/index.ts';
import { runEngineOn, type TestEngine } from './engine/run-engine-on.ts';
import { cloneStores } from './stores.ts';

let engine: TestEngine;
let database: number;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-listeners-'));
  const authority = await issueAuthority('Test authority', 2);
  const request = { commonName: 'localhost', use: 'server', hosts: ['localhost'], days: 2 } as const;
  const { certificate, key } = await issueCertificate(authority, request);
  const environment = {
    CORDON_TLS_CERT_FILE: join(folder, 'web.crt'),
    CORDON_TLS_KEY_FILE: join(folder, 'web.key'),
  };
  await writeFile(environment.CORDON_TLS_CERT_FILE, certificate);
  await writeFile(environment.CORDON_TLS_KEY_FILE, key, { mode: 0o600 });
  const stores = await cloneStores();
  database = Number(stores.admin('clinical').port);
  engine = await runEngineOn(stores, undefined, { environment });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

const listeners = {
  // Every app's public listener is made by `createServer` of packages/service, as this one is.
  'the public listener': () => Number(new URL(engine.running.url).port),
  'the listener for identity': () => Number(new URL(engine.running.internalUrl).port),
  PostgreSQL: () => database,
} as const;
type Listener = keyof typeof listeners;

const opened = new Set<Socket>();
afterEach(() => {
  for (const socket of opened) socket.destroy();
  opened.clear();
});

/** PostgreSQL asks for a word before it speaks TLS (protocol 3.0, SSLRequest). */
async function reach(listener: Listener): Promise<Socket> {
  const socket = connectTcp(listeners[listener](), '127.0.0.1');
  opened.add(socket);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  if (listener === 'PostgreSQL') {
    socket.write(Buffer.from('0000000804d2162f', 'hex'));
    await new Promise((resolve) => socket.once('data', resolve));
  }
  return socket;
}

/** `version suite` where both sides agreed, null where the listener refused. */
async function agree(listener: Listener, options: ConnectionOptions): Promise<string | null> {
  const raw = await reach(listener);
  return new Promise((resolve) => {
    const socket = connect({ socket: raw, servername: 'localhost', rejectUnauthorized: false, ...options });
    socket.once('secureConnect', () => {
      resolve(`${socket.getProtocol() ?? ''} ${socket.getCipher().name}`);
      socket.destroy();
    });
    socket.once('error', () => {
      resolve(null);
      socket.destroy();
    });
  });
}

const versions: readonly SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
/** Security level 0 lets this side offer whatever its library knows, weak or not. */
const everything = (names: string): string => `${names}:@SECLEVEL=0`;
const aead = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
];
const ofThirteen = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

describe.each([
  ['the public listener', aead],
  // Both ends are of this house, so nothing older is needed.
  ['the listener for identity', []],
  ['PostgreSQL', []],
] as const)('%s', (listener, ofTwelve) => {
  it('speaks no version before 1.2', async () => {
    const spoken: string[] = [];
    for (const version of versions) {
      const answer = await agree(listener, {
        minVersion: version,
        maxVersion: version,
        ciphers: everything('ALL'),
      });
      if (answer !== null) spoken.push(version);
    }
    expect(spoken).toEqual(ofTwelve.length > 0 ? ['TLSv1.2', 'TLSv1.3'] : ['TLSv1.3']);
  });

  it('agrees on suites with AEAD and forward secrecy alone, of all that this library knows', async () => {
    const agreed: string[] = [];
    for (const name of getCiphers().map((each) => each.toUpperCase())) {
      const of13 = name.startsWith('TLS_');
      const answer = await agree(listener, {
        ciphers: of13 ? name : everything(name),
        ...(of13 ? { minVersion: 'TLSv1.3' } : { minVersion: 'TLSv1', maxVersion: 'TLSv1.2' }),
      }).catch(() => null);
      if (answer !== null) agreed.push(answer.split(' ')[1] ?? '');
    }
    expect(agreed.toSorted()).toEqual([...ofTwelve, ...ofThirteen].toSorted());
  });
});

it.each(['CORDON_TLS_CERT_FILE', 'CORDON_TLS_KEY_FILE'])('needs both of the pair: not without %s', (name) => {
  expect(() => readEngineSettings({ ...engine.environment, [name]: undefined })).toThrow(
    `${name}: belongs together`,
  );
});

it('shows the listener for identity to nobody without a certificate of its authority', async () => {
  const raw = await reach('the listener for identity');
  const told = await new Promise((resolve) => {
    const socket = connect({ socket: raw, servername: 'localhost', ca: engine.authority.certificate });
    socket.once('secureConnect', () => socket.write('GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n'));
    socket.once('data', (bytes: Buffer) => {
      resolve(bytes.toString('utf8'));
    });
    socket.once('error', () => {
      resolve('refused');
    });
    socket.once('close', () => {
      resolve('refused');
    });
  });
  expect(told).toBe('refused');
});

import { getCurves } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect, getCiphers, type ConnectionOptions, type SecureVersion, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readEngineSettings } from '../../apps/engine/src/settings.ts';
import {
  ownListeners,
  publicListeners,
  startListeners,
  type ListenerName,
  type Listeners,
} from './start-listeners.ts';

let listeners: Listeners;
beforeAll(async () => {
  listeners = await startListeners();
});
afterAll(() => listeners.close());

const opened = new Set<Socket>();
afterEach(() => {
  for (const socket of opened) socket.destroy();
  opened.clear();
});

/** PostgreSQL asks for a word before it speaks TLS (protocol 3.0, SSLRequest). */
async function reach(listener: ListenerName): Promise<Socket> {
  const socket = connectTcp(listeners.ports[listener], '127.0.0.1');
  opened.add(socket);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  if (listener === 'PostgreSQL') {
    socket.write(Buffer.from('0000000804d2162f', 'hex'));
    await new Promise((resolve) => socket.once('data', resolve));
  }
  return socket;
}

/** What is asked of the connection once both sides agreed; null where the listener refused. */
async function agree<Answer>(
  listener: ListenerName,
  options: ConnectionOptions,
  look: (socket: TLSSocket) => Answer | Promise<Answer>,
): Promise<Answer | null> {
  const raw = await reach(listener);
  return new Promise((resolve) => {
    const socket = connect({ socket: raw, servername: 'localhost', rejectUnauthorized: false, ...options });
    socket.once('secureConnect', () => {
      void Promise.resolve(look(socket)).then((answer) => {
        resolve(answer);
        socket.destroy();
      });
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
/** 112 bits and more (NIST SP 800-52 r2, 3.3.1; RFC 8422, 5.1.1). */
const strongGroups = ['prime256v1', 'secp384r1', 'secp521r1', 'X25519', 'X448'];
/** All that the library knows, and the two that its list leaves out. */
const groups = [...getCurves(), 'X25519', 'X448'];

describe.each([
  ...publicListeners.map((name) => [name, aead] as const),
  // Both ends belong to the installation, so nothing older is needed.
  ...ownListeners.map((name) => [name, []] as const),
])('the TLS listener: %s', (listener, ofTwelve) => {
  it('speaks no version before 1.2', async () => {
    const spoken: (string | null)[] = [];
    for (const version of versions)
      spoken.push(
        await agree(
          listener,
          { minVersion: version, maxVersion: version, ciphers: everything('ALL') },
          (socket) => socket.getProtocol(),
        ),
      );
    expect(spoken.filter((version) => version !== null)).toEqual(
      ofTwelve.length > 0 ? ['TLSv1.2', 'TLSv1.3'] : ['TLSv1.3'],
    );
  });

  it('agrees on suites with AEAD and forward secrecy alone, of all that this library knows', async () => {
    const agreed: string[] = [];
    for (const name of getCiphers().map((each) => each.toUpperCase())) {
      const of13 = name.startsWith('TLS_');
      const options: ConnectionOptions = {
        ciphers: of13 ? name : everything(name),
        ...(of13 ? { minVersion: 'TLSv1.3' } : { minVersion: 'TLSv1', maxVersion: 'TLSv1.2' }),
      };
      const suite = await agree(listener, options, (socket) => socket.getCipher().name).catch(() => null);
      if (suite !== null) agreed.push(suite);
    }
    expect(agreed.toSorted()).toEqual([...ofTwelve, ...ofThirteen].toSorted());
  });

  it('agrees on a key of no group below 112 bits', async () => {
    const agreed: string[] = [];
    for (const group of groups) {
      const options = { ecdhCurve: group, ciphers: everything('ALL') };
      const taken = await agree(listener, options, () => group).catch(() => null);
      if (taken !== null) agreed.push(group);
    }
    expect(agreed).toContain('prime256v1');
    expect(agreed.filter((group) => !strongGroups.includes(group))).toEqual([]);
  });

  it('keeps its order of suites, and shows a certificate for its name with a key of 256 bits', async () => {
    const [weakest = ''] = ofThirteen;
    const shown = await agree(
      listener,
      { ciphers: `${weakest}:TLS_AES_256_GCM_SHA384`, minVersion: 'TLSv1.3' },
      (socket) => {
        const { subjectaltname, bits } = socket.getPeerCertificate() as {
          subjectaltname: string;
          bits: number;
        };
        return { suite: socket.getCipher().name, subjectaltname, bits };
      },
    );
    expect(shown).toMatchObject({ suite: 'TLS_AES_256_GCM_SHA384', bits: 256 });
    expect(shown?.subjectaltname).toContain('DNS:localhost');
  });
});

// TLS 1.3 has no renegotiation (RFC 8446, 4.1.2), so the listeners that speak it alone are not asked.
it.each(publicListeners)(
  'the TLS listener: %s negotiates nothing anew within a connection',
  async (listener) => {
    const told = await agree(
      listener,
      { maxVersion: 'TLSv1.2' },
      (socket) =>
        new Promise<string>((resolve) => {
          socket.removeAllListeners('error').once('error', (error: Error) => {
            resolve(error.message);
          });
          socket.renegotiate({}, (error: Error | null) => {
            resolve(error?.message ?? 'negotiated anew');
          });
        }),
    );
    // The warning no_renegotiation (RFC 5246, 7.2.2), which ends the connection at the asking side.
    expect(told).toMatch(/no renegotiation/);
  },
);

it.each(['CORDON_TLS_CERT_FILE', 'CORDON_TLS_KEY_FILE'])('needs both of the pair: not without %s', (name) => {
  expect(() => readEngineSettings({ ...listeners.engine.environment, [name]: undefined })).toThrow(
    `${name}: belongs together`,
  );
});

it('shows the listener for identity to nobody without a certificate of its authority', async () => {
  const told = await agree(
    'engine for identity',
    { ca: listeners.engine.authority.certificate },
    (socket) =>
      new Promise<string>((resolve) => {
        socket.removeAllListeners('error');
        const refused = () => {
          resolve('refused');
        };
        socket.once('error', refused).once('close', refused);
        socket.once('data', (bytes: Buffer) => {
          resolve(bytes.toString('utf8'));
        });
        socket.write('GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n');
      }),
  );
  expect(told ?? 'refused').toBe('refused');
});

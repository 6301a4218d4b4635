import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LookupAddress } from 'node:dns';
import { lookupFor, mayBeAt } from './address-guard.ts';
import { askProvider, openFind, tellOutcome, type Asking } from './testing/ask-provider.ts';
import { openNameServer, type NameServer } from './testing/name-server.ts';
import { openProtocolServer, type ProtocolServer } from './testing/protocol-server.ts';

let server: ProtocolServer;
let dns: NameServer;
beforeAll(async () => {
  server = await openProtocolServer();
  dns = await openNameServer();
});
beforeEach(() => {
  server.received.length = 0;
  dns.names.clear();
  server.answer = answer(true);
});
afterAll(() => Promise.all([server.close(), dns.close()]));

const body = JSON.stringify({ choices: [{ message: { content: 'All is well.' }, finish_reason: 'stop' }] });
const answer = (kept: boolean) => ({ headers: kept ? {} : { connection: 'close' }, pieces: [body] });
/** Of the networks that documents use: nothing is there. */
const elsewhere = '203.0.113.7';

const asking = (kind: 'local' | 'remote', host: string): Asking => ({
  provider: { kind, baseUrl: `${kind === 'local' ? 'http' : 'https'}://${host}:${server.port}` },
  stream: false,
  settings: { lookUp: dns.lookUp },
});

describe('a name that comes to mean another network', () => {
  it('between two connections is refused at the second', async () => {
    dns.names.set('model.example', ['127.0.0.1']);
    server.answer = answer(false);
    // One pool of connections for all of it, as in the engine.
    const find = openFind({ lookUp: dns.lookUp });
    const ask = () => tellOutcome({ ...asking('local', 'model.example'), find });
    expect(await ask()).toBe('All is well.');
    for (const meant of [elsewhere, '169.254.169.254', '8.8.8.8', '0.0.0.0', 'fe80::1', '2606:4700::1']) {
      dns.names.set('model.example', [meant]);
      const asked = dns.asked();
      expect([meant, await ask()]).toEqual([meant, 'ai-provider-unavailable']);
      expect(dns.asked()).toBeGreaterThan(asked);
    }
    expect(server.received).toHaveLength(1);
    dns.names.set('model.example', ['127.0.0.1']);
    expect(await ask()).toBe('All is well.');
  });

  it('does not move a connection that is kept, which ends soon when nobody uses it', async () => {
    dns.names.set('model.example', ['127.0.0.1']);
    const find = openFind({ lookUp: dns.lookUp });
    const ask = () => tellOutcome({ ...asking('local', 'model.example'), find });
    expect(await ask()).toBe('All is well.');
    const [connections, asked] = [server.connections(), dns.asked()];
    dns.names.set('model.example', [elsewhere]);
    expect(await ask()).toBe('All is well.');
    expect([server.connections(), dns.asked()]).toEqual([connections, asked]);
    await expect.poll(() => server.open()).toBe(0);
    expect(await ask()).toBe('ai-provider-unavailable');
    expect(server.received).toHaveLength(2);
  });

  it('of a remote provider is refused, whether at once or for the next connection', async () => {
    const lookUp = lookupFor('remote', dns.lookUp);
    const find = (): Promise<LookupAddress[]> =>
      new Promise((resolve, reject) => {
        lookUp('model.example', { all: true }, (error, addresses) => {
          if (error !== null) reject(error);
          else resolve(addresses as LookupAddress[]);
        });
      });
    dns.names.set('model.example', ['93.184.215.14', '2606:4700::1']);
    expect((await find()).map(({ address }) => address)).toEqual(['93.184.215.14', '2606:4700::1']);
    dns.names.set('model.example', ['127.0.0.1']);
    await expect(find()).rejects.toMatchObject({ code: 'ai-provider-unavailable' });
  });
}); // prettier-ignore

describe('nothing is connected to', () => {
  it.each<['local' | 'remote', string, string[]]>([
    ['remote', 'this machine', ['127.0.0.1']],
    ['remote', 'this machine by its other address', ['::1']],
    ['remote', 'this machine, mapped', ['::ffff:127.0.0.1']],
    ['remote', 'a public address and this machine', ['93.184.215.14', '127.0.0.1']],
    ['remote', 'this machine and a public address', ['127.0.0.1', '93.184.215.14']],
    ['remote', 'a public address, and this machine in the other family', ['93.184.215.14', '::1']],
    ['remote', 'a name that is this machine', ['inside.example']],
    ['remote', 'where clouds keep credentials', ['169.254.169.254']],
    ['remote', 'nowhere', ['0.0.0.0']],
    ['local', 'this machine and the Internet', ['127.0.0.1', '93.184.215.14']],
    ['local', 'this machine and the Internet in the other family', ['127.0.0.1', '2606:4700::1']],
    ['local', 'this machine and where clouds keep credentials', ['127.0.0.1', '169.254.169.254']],
    ['local', 'nowhere', ['0.0.0.0']],
  ])('by a %s provider whose name means %s', async (kind, _what, meant) => {
    dns.names.set('model.example', meant).set('inside.example', ['127.0.0.1']);
    const [connections, asked] = [server.connections(), dns.asked()];
    expect(await tellOutcome(asking(kind, 'model.example'))).toBe('ai-provider-unavailable');
    expect(dns.asked()).toBeGreaterThan(asked);
    expect(server.connections()).toBe(connections);
  });

  it.each<['local' | 'remote', string]>([
    ...['127.1', '127.0.0.1', '0x7f.1', '0x7f000001', '2130706433', '017700000001', '0177.0.0.1', '１２７.0.0.1', '%31%32%37.0.0.1', '0', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:7f00:0001]', '[::127.0.0.1]', '[::ffff:0:127.0.0.1]', '[64:ff9b::127.0.0.1]', '[2002:7f00:1::]', '[fec0::1]', '[fc00::1]', '10.1', '0xa9fea9fe', '[::ffff:a9fe:a9fe]'].map((host): ['remote', string] => ['remote', host]),
    ...['0xa9fea9fe', '2852039166', '0251.0376.0251.0376', '[::ffff:169.254.169.254]', '[fe80::1]', '134744072', '0x08080808', '[::ffff:8.8.8.8]', '0', '[::]', '[64:ff9b::8.8.8.8]'].map((host): ['local', string] => ['local', host]),
  ])('by a %s provider at %s', async (kind, host) => {
    const connections = server.connections();
    expect(await tellOutcome(asking(kind, host))).toBe('ai-provider-unavailable');
    expect(server.connections()).toBe(connections);
  }); // prettier-ignore

  it('by a name that has no address', async () => {
    expect(await tellOutcome(asking('local', 'nobody.example'))).toBe('ai-provider-failed');
  });
});

it('a local provider is reached under every spelling of its address', async () => {
  for (const host of ['127.1', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]'])
    expect([host, await askProvider(asking('local', host)).then(() => 'answered')]).toEqual([host, 'answered']);
}); // prettier-ignore

it.each([
  'fe80::1%lo',
  '::127.0.0.1',
  '::ffff:0:7f00:1',
  'fec0::1',
  '5f00::1',
  '3fff::1',
  '4000::1',
  'ff02::1',
])('no provider on the Internet is at %s', (address) => {
  expect(mayBeAt('remote', address)).toBe(false);
});

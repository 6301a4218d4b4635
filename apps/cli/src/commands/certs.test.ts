import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkoutRoot, makeLayout, type Layout } from '../up/layout.ts';
import { command, listCertificates, makeCertificates, removeCertificates, requireHosts } from './certs.ts';

let folder: string;
let layout: Layout;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-certs-'));
  layout = { ...makeLayout(checkoutRoot, 7400), secrets: folder };
});
afterAll(() => rm(folder, { recursive: true }));

const read = (name: string) => readFile(join(folder, 'tls', name), 'utf8');

it('makes an authority for each wire, a client certificate for each role that needs one, and keeps them', async () => {
  await makeCertificates(layout, []);
  const lines = await listCertificates(layout);
  for (const name of [
    'database/ca.crt',
    'internal/ca.crt',
    'web/ca.crt',
    'database/engine_vault.crt',
    'internal/identity.crt',
  ])
    expect(
      lines.find((line) => line.startsWith(name)),
      name,
    ).toMatch(/\d{3,4} days left$/);
  const before = await read('web/web.crt');
  await makeCertificates(layout, []);
  expect(await read('web/web.crt')).toBe(before);
});

it('takes further names of the machine into the web certificate, which a later start keeps', async () => {
  await makeCertificates(layout, ['clinic.example']);
  expect(new X509Certificate(await read('web/web.crt')).checkHost('clinic.example')).toBe('clinic.example');
  const before = await read('web/web.crt');
  await makeCertificates(layout, []);
  expect(await read('web/web.crt')).toBe(before);
});

it('renews every certificate under the same authority, and the authority only when that is asked for', async () => {
  const before = { authority: await read('web/ca.crt'), leaf: await read('web/web.crt') };
  await removeCertificates(layout, false);
  await makeCertificates(layout, []);
  expect(await read('web/ca.crt')).toBe(before.authority);
  expect(await read('web/web.crt')).not.toBe(before.leaf);
  await removeCertificates(layout, true);
  await makeCertificates(layout, []);
  expect(await read('web/ca.crt')).not.toBe(before.authority);
  const [authority, leaf] = [
    new X509Certificate(await read('web/ca.crt')),
    new X509Certificate(await read('web/web.crt')),
  ];
  expect(leaf.verify(authority.publicKey)).toBe(true);
});

it.each(['', 'a b', 'clinic.example:8443', 'https://clinic.example', 'clinic.example/path', '-x@y'])(
  'refuses %j as a name of the machine before it removes a certificate',
  async (host) => {
    await expect(command.run(['renew', `--host=${host}`])).rejects.toMatchObject({
      code: 'arguments-invalid',
    });
  },
);

it.each(['clinic.example', 'Clinic', '10.0.0.1', '2001:db8::1'])(
  'takes %s as a name of the machine',
  (host) => {
    requireHosts([host]);
  },
);

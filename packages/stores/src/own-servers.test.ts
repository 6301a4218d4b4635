import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoreDefinition } from './definitions.ts';
import { readOwnServers } from './own-servers.ts';

const definitions = ['audit', 'clinical'].map((store): StoreDefinition => ({
  store,
  database: `cordon_${store}`,
  region: 'region.uk',
  alsoServes: [],
  clientCertificates: false,
  owner: `${store}_owner`,
  ownerRoles: [],
  logins: [],
  extensions: [],
  sealed: false,
  jobQueue: false,
  folder: '',
}));
const good = 'postgresql://admin:s%40cret@db.example:5433/records?sslmode=verify-full';
const read = (clinical: string | undefined) =>
  readOwnServers({ CORDON_AUDIT_URL: good, CORDON_CLINICAL_URL: clinical }, definitions);

describe('readOwnServers', () => {
  it('is not asked for when no URL is set', async () => {
    expect(await readOwnServers({}, definitions)).toBeUndefined();
  });

  it('reads address, database and credentials, and always checks the certificate', async () => {
    const own = await read(good);
    expect(own?.servers.get('clinical')).toMatchObject({
      host: 'db.example',
      port: 5433,
      database: 'records',
      administrator: { user: 'admin', password: 's@cret', ssl: { ca: own?.authorities } },
    });
    expect(own?.authorities).toContain('BEGIN CERTIFICATE');
  });

  describe('with an authority that is named', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'cordon-own-'));
    });
    afterEach(() => rm(folder, { recursive: true }));
    const readWith = (file: string) =>
      readOwnServers(
        { CORDON_AUDIT_URL: good, CORDON_CLINICAL_URL: good, CORDON_DATABASE_CA_FILE: join(folder, file) },
        definitions,
      );

    it('trusts that one and no other', async () => {
      const text = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n';
      await writeFile(join(folder, 'ca.crt'), text);
      expect((await readWith('ca.crt'))?.authorities).toBe(text);
    });

    it('refuses a file that is not there or holds none: it must not fall back to others', async () => {
      await expect(readWith('ca.crt')).rejects.toThrow(/CORDON_DATABASE_CA_FILE: .* cannot be read/);
      await writeFile(join(folder, 'ca.key'), '-----BEGIN PRIVATE KEY-----');
      await expect(readWith('ca.key')).rejects.toThrow(/holds no PEM certificate/);
    });
  });

  it('names the URLs that are missing: half embedded, half your own is nobody’s intention', async () => {
    await expect(read(undefined)).rejects.toThrow(/set CORDON_CLINICAL_URL as well/);
  });

  it.each([
    ['not-a-url', /must look like/],
    ['mysql://a:b@localhost/x', /must begin with postgresql/],
    ['postgresql://localhost/x', /must name a user, a host and a database/],
    ['postgresql://a:b@localhost/', /must name a user, a host and a database/],
    ['postgresql://a:b@localhost/x?sslmode=require', /only sslmode is verify-full/],
    ['postgresql://a:b@localhost/x?sslmode=disable', /only sslmode is verify-full/],
    ['postgresql://a:b@localhost/x?sslmode=verify-full&sslmode=disable', /more than once/],
    ['postgresql://a:b@localhost/x?options=-csearch_path', /parameter "options" is not known/],
  ])('refuses %s and does not repeat it', async (value, message) => {
    await expect(read(value)).rejects.toMatchObject({ code: 'server-url-invalid' });
    await expect(read(value)).rejects.toThrow(message);
    await expect(read(value)).rejects.not.toThrow(value);
  });

  it.each(['db.example', '10.0.0.1', 'localhost.example', '[2001:db8::1]'])(
    'demands a checked certificate to be asked for beyond this machine (%s)',
    async (host) => {
      await expect(read(`postgresql://a:b@${host}/x`)).rejects.toMatchObject({ code: 'server-tls-required' });
    },
  );

  it.each(['localhost', '127.0.0.1', '[::1]'])('takes it for granted on this machine (%s)', async (host) => {
    const own = await read(`postgresql://a:b@${host}/x`);
    expect(own?.servers.get('clinical')?.administrator.ssl).toMatchObject({ ca: own?.authorities });
  });
});

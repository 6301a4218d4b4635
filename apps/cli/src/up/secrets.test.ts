import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeLayout } from './layout.ts';
import { makeOrigins } from './origins.ts';
import { keepSecrets } from './secrets.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-secrets-'));
});
afterEach(() => rm(folder, { recursive: true }));

const originsOf = (base: number) => makeOrigins(makeLayout('/nowhere', base).ports, false);

interface Client {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly redirect_uris: readonly string[];
  readonly token_endpoint_auth_method: string;
}

async function readClients(file: string): Promise<Client[]> {
  return JSON.parse(await readFile(file, 'utf8')) as Client[];
}

describe('the secrets of a first start', () => {
  it('are files of mode 0600 that stay the same at the next start', async () => {
    const files = await keepSecrets(folder, originsOf(7400));
    const all = [
      files.rootKey,
      files.identityKey,
      files.cookieKey,
      files.clients,
      ...Object.values(files.clientSecret),
      ...Object.values(files.sessionKey),
    ];
    const contents = await Promise.all(all.map((file) => readFile(file)));
    for (const file of all) expect((await stat(file)).mode & 0o777).toBe(0o600);
    await keepSecrets(folder, originsOf(7400));
    expect(await Promise.all(all.map((file) => readFile(file)))).toEqual(contents);
  });

  it('register the apps with exact addresses, and follow the ports', async () => {
    const { clients, clientSecret } = await keepSecrets(folder, originsOf(7400));
    const first = await readClients(clients);
    expect(first.map(({ client_id, redirect_uris }) => [client_id, redirect_uris])).toEqual([
      ['console', ['http://localhost:7400/auth/callback']],
      ['portal', ['http://localhost:7401/auth/callback']],
      ['cordon-cli', ['http://127.0.0.1/callback']],
    ]);
    expect(first[0]?.client_secret).toBe(await readFile(clientSecret.console, 'utf8'));
    expect(first[0]?.client_secret).not.toBe(first[1]?.client_secret);
    await keepSecrets(folder, originsOf(7500));
    const second = await readClients(clients);
    expect(second[0]?.redirect_uris).toEqual(['http://localhost:7500/auth/callback']);
    expect(second[0]?.client_secret).toBe(first[0]?.client_secret);
  });

  it('give the command line no secret: it could not keep one', async () => {
    const { clients } = await keepSecrets(folder, originsOf(7400));
    expect((await readClients(clients))[2]).toMatchObject({ token_endpoint_auth_method: 'none' });
    expect((await readClients(clients))[2]).not.toHaveProperty('client_secret');
  });
});

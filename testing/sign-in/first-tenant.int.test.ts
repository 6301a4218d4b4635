import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../engine/key-jobs.ts';
import { makePlan } from '../engine/run-engine-on.ts';
import { SignInBrowser } from './sign-in-browser.ts';
import { startInstallation, type TestInstallation } from './start-installation.ts';

let installation: TestInstallation;
let folder: string;
let environment: Record<string, string>;

const inRepository = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

beforeAll(async () => {
  installation = await startInstallation({ tenants: [], accounts: [] });
  folder = await mkdtemp(join(tmpdir(), 'cordon-first-tenant-'));
  environment = await makeOperatorsEnvironment();
});
afterAll(async () => {
  await installation.close();
  await rm(folder, { recursive: true, force: true });
});

/** The settings of engine and identity, as an operator's shell has them. */
async function makeOperatorsEnvironment(): Promise<Record<string, string>> {
  const { settings } = installation.identity;
  const keep = async (name: string, content: string | Buffer): Promise<string> => {
    await writeFile(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  return {
    PATH: process.env['PATH'] ?? '',
    ...installation.engine.environment,
    ...installation.engine.stores.environment(['identity_app', 'identity_audit']),
    CORDON_PORT: '7403',
    CORDON_ENGINE_INTERNAL_URL: settings.engine.url,
    CORDON_ENGINE_CLIENT_CERT_FILE: await keep('identity.crt', settings.engine.cert),
    CORDON_ENGINE_CLIENT_KEY_FILE: await keep('identity.key.pem', settings.engine.key),
    CORDON_ENGINE_CLIENT_CA_FILE: await keep('ca.crt', settings.engine.ca),
    CORDON_IDENTITY_KEY_FILE: await keep('identity.key', settings.identityKey),
    CORDON_COOKIE_KEY_FILE: await keep('cookie.key', settings.cookieKey),
    CORDON_CLIENTS_FILE: await keep('clients.json', JSON.stringify(settings.clients)),
    CORDON_CONSOLE_URL: settings.homes.console,
    CORDON_PORTAL_URL: settings.homes.portal,
  };
}

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (...args: string[]): Promise<Answer> =>
  new Promise((resolve) => {
    const program = inRepository('apps/cli/bin/cordon.mjs');
    execFile(process.execPath, [program, 'tenants', 'add', ...args], { env: environment }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  }); // prettier-ignore

const email = 'ada.first@northgate.example';
const northgate = ['--name', 'northgate', '--clinic', 'northgate-leeds', '--region', 'region.uk', '--admin-name', 'Ada First']; // prettier-ignore
const password = 'tandem-obsidian-walrus';

function tokenOf({ stdout }: Answer): string {
  const start = `  ${installation.identity.issuer}/invitation#`;
  const link = stdout.split('\n').find((line) => line.startsWith(start)) ?? '';
  expect(link.slice(start.length), stdout).toMatch(/^[\w-]{43}$/);
  return link.slice(start.length);
}

async function redeem(browser: SignInBrowser, token: string) {
  const answer = await browser.browser.call(`${installation.identity.issuer}/recovery/redemptions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, password }),
  });
  return { status: answer.status, body: answer.json() };
}

/** From the console to the factor's enrolment and back, with the password alone. */
async function signInFirst(browser: SignInBrowser, address: string) {
  await browser.begin();
  const asked = await browser.post('password', { email: address, password });
  expect(asked.body['step']).toBe('enrol');
  const code = new TOTP({ secret: Secret.fromBase32(String(asked.body['secret'])) }).generate();
  expect((await browser.post('enrolment', { code })).body['step']).toBe('recovery');
  expect((await browser.arrive(await browser.post('continue'))).status).toBe(200);
  return (await browser.call('/api/v1/me')).json();
}

const count = async (table: string): Promise<number> =>
  (await ask<{ n: number }>(installation.engine, 'clinical', `SELECT count(*)::int AS n FROM clinical.${table}`))[0]?.n ?? -1; // prettier-ignore

describe('an empty installation', { timeout: 180_000 }, () => {
  let firstToken: string;

  it('gets its first tenant by a command that was killed between the stores, and is run again', async () => {
    expect(await count('tenants')).toBe(0);
    // What a run leaves that ends before identity is asked.
    await runEngineAlone({ verb: 'add', name: 'northgate', clinic: 'northgate-leeds' });
    expect(await count('memberships')).toBe(1);
    const answer = await run(...northgate, '--admin-email', email);
    expect(answer).toMatchObject({ code: 0, stderr: '' });
    expect(answer.stdout).toContain('The tenant was there already');
    firstToken = tokenOf(answer);
    expect([await count('tenants'), await count('clinics'), await count('memberships')]).toEqual([1, 1, 1]);
  });

  it('gives another link for the same words, run twice at once, and makes nothing twice', async () => {
    const answers = await Promise.all([1, 2].map(() => run(...northgate, '--admin-email', email.toUpperCase())));
    expect(answers.map(({ code }) => code)).toEqual([0, 0]);
    expect([await count('tenants'), await count('clinics'), await count('memberships')]).toEqual([1, 1, 1]);
    const { rows } = await installation.identity.pool.query('SELECT FROM identity.accounts');
    expect(rows).toHaveLength(1);
    const browser = new SignInBrowser(installation);
    expect(await redeem(browser, firstToken)).toMatchObject({ status: 401 });
    const statuses = [];
    for (const answer of answers) statuses.push((await redeem(browser, tokenOf(answer))).status);
    expect(statuses.toSorted()).toEqual([200, 401]);
    for (const answer of answers) expect((await redeem(browser, tokenOf(answer))).status).toBe(401);
  });

  it('lets its administrator in at the console with a new factor, as corporate administrator of that tenant alone', async () => {
    const other = await run('--name', 'riverside', '--clinic', 'riverside-hull', '--admin-email', 'rio@riverside.example', '--admin-name', 'Rio First');
    expect(other.stdout).toContain('The tenant was added.');
    const [river] = await ask<{ tenant_id: string }>(installation.engine, 'clinical', "SELECT tenant_id FROM clinical.tenants WHERE slug = 'riverside'");

    const browser = new SignInBrowser(installation);
    const me = await signInFirst(browser, email);
    expect(me).toMatchObject({ role: 'role.corporateAdmin', tenantName: 'Northgate' });
    const [north] = await ask<{ tenant_id: string }>(installation.engine, 'clinical', "SELECT tenant_id FROM clinical.tenants WHERE slug = 'northgate'");
    expect(me['tenantId']).toBe(north?.tenant_id);
    const seen = JSON.stringify([
      (await browser.call('/api/v1/figures')).json(),
      (await browser.call('/api/v1/audit-entries')).json(),
    ]);
    expect(seen).not.toContain(river?.tenant_id);
    expect(seen).not.toContain('iverside');

    // The link opened at a desk where somebody else is signed in changes nothing for who sits there.
    expect(await redeem(browser, tokenOf(other))).toMatchObject({ status: 200 });
    expect((await browser.call('/api/v1/me')).json()).toMatchObject({ subject: me['subject'], tenantId: me['tenantId'] });
    const newcomer = await signInFirst(new SignInBrowser(installation), 'rio@riverside.example');
    expect(newcomer).toMatchObject({ role: 'role.corporateAdmin', tenantId: river?.tenant_id });
  });

  it('refuses a name that is taken, and a region where nothing is kept, in a sentence', async () => {
    const taken = await run(...northgate, '--admin-email', 'eve@northgate.example');
    expect(taken).toMatchObject({ code: 1, stdout: '' });
    expect(taken.stderr).toBe('cordon: This name is taken, with another administrator. Give the address of that one, or choose another name.\n');
    const elsewhere = await run('--name', 'far', '--clinic', 'far-away', '--region', 'region.eu', '--admin-account', randomUUID());
    expect(elsewhere.stderr).toMatch(/^cordon: This installation does not keep records in that region/);
    expect(await count('tenants')).toBe(2);
  });

  it('takes no demo beside its tenants', async () => {
    const file = join(folder, 'seed.json');
    await writeFile(file, JSON.stringify(makePlan()), { mode: 0o600 });
    const seeding = await runProgram('apps/engine/src/seed.ts', '', { CORDON_SEED_FILE: file });
    expect(seeding.code).toBe(3);
    expect(await count('tenants')).toBe(2);
  });

  it('keeps the links out of every log and every store', async () => {
    const logs = [installation.engine.logLines(), ...installation.identity.logLines, ...installation.appLogs()].join('\n');
    const { rows } = await installation.identity.auditAdmin.query('SELECT * FROM audit.audit_logs');
    for (const secret of [firstToken, email, 'Ada First', password]) {
      expect(logs).not.toContain(secret);
      expect(JSON.stringify(rows)).not.toContain(secret);
    }
  });
}); // prettier-ignore

/** One of the apps' own programs, in the operator's environment. */
async function runProgram(entry: string, input: string, more: Record<string, string> = {}): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, ['--conditions=cordon-source', inRepository(entry)], {
    env: { ...environment, ...more },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  child.stdin.end(input);
  const code = await new Promise<number>((resolve) => child.once('close', (ended) => { resolve(ended ?? -1); }));
  return { code, said };
} // prettier-ignore

async function runEngineAlone(request: object): Promise<void> {
  const { code, said } = await runProgram('apps/engine/src/tenants-job.ts', JSON.stringify(request));
  expect(code, said).toBe(0);
}

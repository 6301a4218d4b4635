import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealBoardReport, type Board } from '@cordon/control-gate';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finding } from '../../packages/control-gate/testing/controls.ts';
import { issueCertificate } from '../../packages/stores/certificates.ts';
import { runEngineOn, type TestEngine } from '../engine/run-engine-on.ts';
import { cloneStores } from '../stores.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
let engine: TestEngine;
let folder: string;
let admin: pg.Client;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-board-'));
  const key = join(folder, 'gate.pem');
  await writeFile(key, publicKey.export({ type: 'spki', format: 'pem' }));
  const stores = await cloneStores();
  engine = await runEngineOn(stores, undefined, { environment: { CORDON_GATE_PUBLIC_KEY_FILE: key } });
  admin = new pg.Client(stores.admin('audit'));
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await engine.close();
  await rm(folder, { recursive: true });
});

const minute = 60_000;
/** A signed report of one control; `ago` in milliseconds. */
function report(state: 'pass' | 'fail', { ago = 0, key = privateKey, whole = true }: { ago?: number; key?: KeyObject; whole?: boolean } = {}): string {
  const at = new Date(Date.now() - ago).toISOString();
  const findings = [finding(state, {}, { evidence: [{ asked: 'a', of: 'b', at, answer: 'c' }] })];
  const about = { system: 'Cordon', to: 'staging', commit: 'c'.repeat(40), began: at, ended: at, findings } as const;
  return sealBoardReport(about, { patientData: false, acceptances: [], now: new Date() }, whole, key);
} // prettier-ignore

/** What the internal listener answers to somebody with a certificate of that name. */
async function send(envelope: string, name = 'gate'): Promise<{ status: number; body: string }> {
  const { certificate, key } = await issueCertificate(engine.authority, { commonName: name, use: 'client', days: 2 }); // prettier-ignore
  const url = engine.running.internalUrl.replace('127.0.0.1', 'localhost');
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const tls = { cert: certificate, key, ca: engine.authority.certificate };
    request(`${url}/internal/v1/gate-reports`, { ...tls, method: 'POST', headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body });
      });
    })
      .on('error', reject)
      .end(JSON.stringify({ envelope }));
  });
}

async function board(to = 'staging'): Promise<Board> {
  const answer = await engine.send(engine.account('auditor'), `/v1/gate-board?to=${to}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Board;
}

describe('a report of the gate', () => {
  it('is taken of the gate with its certificate and its signature, once, and shown to who may read the log', async () => {
    const envelope = report('fail', { ago: 2 * minute });
    expect(await send(envelope)).toEqual({ status: 200, body: '{"kept":true}' });
    expect(await send(envelope)).toEqual({ status: 200, body: '{"kept":false}' });
    expect(await board()).toMatchObject({
      to: 'staging',
      allowed: true,
      lines: [{ id: 'SEC-100', state: 'fail', blocks: false, rule: 'P1 blocks production' }],
    });
    expect((await board('production')).lastRun).toBeNull();
    const entries = await engine.send(engine.account('auditor'), '/v1/audit-entries?action=gate-board.read');
    expect(((await entries.json()) as { items: unknown[] }).items).toHaveLength(2);
  });

  it.each<[string, () => string, string, number, string]>([
    ['with the certificate of another caller', () => report('pass'), 'identity', 403, 'internal-caller-unknown'],
    ['signed by another key', () => report('pass', { key: generateKeyPairSync('ed25519').privateKey }), 'gate', 422, 'gate-report-refused'],
    ['of the day before yesterday', () => report('pass', { ago: 2_880 * minute }), 'gate', 422, 'gate-report-refused'],
    ['of a time to come', () => report('pass', { ago: -10 * minute }), 'gate', 422, 'gate-report-refused'],
    ['that is no envelope', () => 'x'.repeat(200), 'gate', 422, 'gate-report-refused'],
    ['longer than any', () => 'x'.repeat(1_000_001), 'gate', 400, 'request-invalid'],
  ])('is refused %s', async (_name, envelope, caller, status, code) => {
    const answer = await send(envelope(), caller);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(`"code":"${code}"`);
  }); // prettier-ignore

  it('that somebody wrote into the store, or changed there, is not shown', async () => {
    const forged = report('pass', { key: generateKeyPairSync('ed25519').privateKey });
    await admin.query(
      `INSERT INTO gate.reports (digest, environment, whole, ended_at, envelope) VALUES (sha256('x'), 'staging', true, now(), $1)`,
      [forged],
    );
    expect((await board()).lines.map(({ state }) => state)).toEqual(['fail']);
    expect(engine.logLines()).toContain('a report of the gate was not believed');
  });

  it('pushes the oldest out of forty, and never a whole run by parts', async () => {
    const keep = (digest: number, whole: boolean) =>
      admin.query(`SELECT gate.keep_report(sha256($1::bytea), 'production', $2, now() + $3 * interval '1 second', repeat('x', 100))`, [String(digest), whole, digest]); // prettier-ignore
    await expect(keep(1, true)).rejects.toThrow(/within a sealed context of the system/);
    const client = await engine.running.engine.stores.pools.engine_audit.query<{ kept: number }>(
      { tenantId: '00000000-0000-0000-0000-000000000000', role: 'role.system', expiresAt: new Date(Date.now() + minute), clinicIds: [], readable: [], writable: [] },
      `SELECT count(*) FILTER (WHERE gate.keep_report(sha256(n::text::bytea), 'production', n = 1, now() + n * interval '1 second', repeat('x', 100)))::int AS kept FROM generate_series(1, 60) n`,
    ); // prettier-ignore
    expect(client.rows).toEqual([{ kept: 60 }]);
    const { rows } = await admin.query(`SELECT whole, count(*)::int FROM gate.reports WHERE environment = 'production' GROUP BY 1 ORDER BY 1`); // prettier-ignore
    expect(rows).toEqual([
      { whole: false, count: 40 },
      { whole: true, count: 1 },
    ]);
  });

  it('is for those who may read the log', async () => {
    for (const [name, status] of [['admin', 200], ['clinician', 403], ['contractor', 403]] as const)
      expect((await engine.send(engine.account(name), '/v1/gate-board')).status).toBe(status); // prettier-ignore
    expect((await engine.send(engine.account('admin'), '/v1/gate-board?to=moon')).status).toBe(400);
  });
});

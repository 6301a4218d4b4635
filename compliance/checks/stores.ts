import { allOf, judgeFaults, pass, seen, unknown, fail, type Answer } from '@cordon/control-gate';
import { totalsOf } from '@cordon/row-security/prover';
import pg, { type ClientConfig } from 'pg';
import type { Asked } from '../asked.ts';

/** The prover's attacks on a throw-away copy of a store: none leaked, and every one ran. */
export const isolationProven =
  (store: string) =>
  async (asked: Asked): Promise<Answer> => {
    const proof = await asked.prove(store);
    const { attacks, leaked, notRun, accepted } = totalsOf([proof]);
    const of =
      proof.live === null ? `${proof.database}, made for it` : `${proof.database}, and live ${proof.live}`;
    const said = `${attacks} attacks and gates: ${leaked} leaked, ${notRun} not run, ${accepted} accepted by name; catalog ${proof.fingerprint.slice(0, 16)}`;
    const evidence = [seen(`cordon rls prove --store ${store}`, of, said)];
    const next = `npx cordon rls prove --store ${store}`;
    if (leaked > 0) {
      const shown = proof.record.attempts('leaked').slice(0, 3);
      return fail(
        `${leaked} leaks: ${shown.map(({ channel, table, evidence: what }) => `${channel} on ${table}${what === undefined ? '' : ` (${what})`}`).join('; ')}.`,
        evidence,
        next,
      );
    }
    if (notRun > 0) {
      const [first] = proof.record.attempts('not-run');
      return unknown(
        `${notRun} attacks could not run, the first ${first?.channel ?? ''} on ${first?.table ?? ''}.`,
        evidence,
        next,
      );
    }
    return pass(`${attacks - accepted} attacks and gates on ${store} held.`, evidence);
  };

/** Every column of the stores has its class; what is a patient's is ciphertext, and nothing keeps its text elsewhere. */
export const columnsEncrypted =
  (...stores: readonly string[]) =>
  async (asked: Asked): Promise<Answer> =>
    allOf(
      await Promise.all(
        stores.map(async (store) => {
          const { of, audit } = await asked.auditEncryption(store);
          const encrypted = audit.columns.filter((column) => column.encrypted).length;
          const said = `${audit.columns.length} columns, ${encrypted} encrypted, ${audit.findings.length} findings`;
          return judgeFaults(
            audit.findings.map(({ kind, place }) => `${kind}: ${place}`),
            `${said} in ${store}.`,
            [seen('cordon encryption audit', of, said)],
            'npx cordon encryption audit',
          );
        }),
      ),
    );

/** What a connection answers: `connected`, or why not. */
async function tryConnection(config: ClientConfig): Promise<string> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: 30_000 });
  // The server may end the connection after it was refused.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return 'connected';
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    return `refused: ${code ?? message?.split('\n')[0] ?? 'no reason'}`;
  } finally {
    await client.end().catch(() => undefined);
  }
}

interface Attempt {
  readonly what: string;
  readonly config: ClientConfig & { readonly of: string };
  readonly wanted: 'connected' | 'refused';
}

async function judgeAttempts(attempts: readonly Attempt[], holds: string): Promise<Answer> {
  const answers = await Promise.all(
    attempts.map(async ({ what, config, wanted }) => {
      const { of, ...address } = config;
      const answer = await tryConnection(address);
      return { what, wanted, answer, evidence: seen(what, of, answer) };
    }),
  );
  const faults = answers
    .filter(({ wanted, answer }) => (answer === 'connected' ? 'connected' : 'refused') !== wanted)
    .map(({ what, answer }) => `${what}: ${answer}`);
  return judgeFaults(
    faults,
    holds,
    answers.map(({ evidence }) => evidence),
  );
}

/** The engine's role reaches the store with TLS and its certificate; without either, password and all, it does not. */
export async function certificatesRequired(asked: Asked): Promise<Answer> {
  const guarded = (await asked.stores()).filter((store) => store.clientCertificates);
  const attempts = await Promise.all(
    guarded.flatMap(({ store, logins }) =>
      logins.slice(0, 1).map(async (role): Promise<Attempt[]> => {
        const config = await asked.login(store, role);
        const {
          cert: _cert,
          key: _key,
          ...withoutCertificate
        } = config.ssl as Exclude<ClientConfig['ssl'], boolean | undefined>;
        return [
          { what: `${role} with its certificate`, config, wanted: 'connected' },
          {
            what: `${role} without its certificate`,
            config: { ...config, ssl: withoutCertificate },
            wanted: 'refused',
          },
          { what: `${role} without TLS`, config: { ...config, ssl: false }, wanted: 'refused' },
        ];
      }),
    ),
  );
  return judgeAttempts(
    attempts.flat(),
    'The clinical and vault stores take a role with its certificate over TLS, and not without.',
  );
}

/** Each login role reaches its own store; the clinical and vault stores refuse those of every other process. */
export async function storesRefuseOthers(asked: Asked): Promise<Answer> {
  const definitions = await asked.stores();
  const strangers = definitions
    .filter(({ clientCertificates }) => !clientCertificates)
    .flatMap(({ store, logins }) => logins.map((role) => ({ store, role })));
  const attempts = await Promise.all(
    strangers.map(async ({ store, role }): Promise<Attempt[]> => {
      const own = await asked.login(store, role);
      const others = definitions.filter(({ clientCertificates }) => clientCertificates);
      return [
        { what: `${role} into ${store}`, config: own, wanted: 'connected' },
        ...(await Promise.all(
          others.map(async (other): Promise<Attempt> => {
            const { database } = await asked.login(other.store, other.logins[0] ?? '');
            return { what: `${role} into ${other.store}`, config: { ...own, database }, wanted: 'refused' };
          }),
        )),
      ];
    }),
  );
  return judgeAttempts(attempts.flat(), 'No role but the engine’s reaches the clinical or the vault store.');
}

/** The log verifies: rows, leaves, tree, checkpoints. */
export async function auditVerifies(asked: Asked): Promise<Answer> {
  const report = await asked.verifyAudit();
  if (report === undefined) return unknown('No audit log runs here.', [], 'npm start');
  const said = `${report.entries} entries, ${report.findings.length} findings`;
  return judgeFaults(
    report.findings,
    `${report.entries} entries stand as they were written.`,
    [seen('cordon audit verify', report.of, said)],
    'npx cordon audit verify',
  );
}

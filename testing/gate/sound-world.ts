import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { judge, runChecks, type Environment, type Judgement } from '@cordon/control-gate';
import { scrub } from '@cordon/pan-scrubber';
import type { Proof } from '@cordon/row-security/prover';
import { expect } from 'vitest';
import type { Asked, Ran } from '../../compliance/asked.ts';
import { controls } from '../../compliance/controls.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const refuse = (what: string) => () => Promise.reject(new Error(`${what} is not part of this test`));

/** A proof in which everything held. */
export const cleanProof = (store: string): Proof =>
  ({
    name: store,
    database: store,
    fingerprint: 'f'.repeat(64),
    live: null,
    record: { counts: () => [{ channel: 'c', table: 't', tally: { held: 9, leaked: 0, notRun: 0, accepted: 0 } }], attempts: () => [] },
  }) as unknown as Proof; // prettier-ignore

export const ran = (stdout: string, code = 0, stderr = ''): Ran => ({ code, stdout, stderr });

/** This checkout as it lies here, and an installation that has what it needs; a test says what is broken of it. */
export function soundWorld(more: Partial<Asked> = {}): Asked {
  return {
    to: 'production',
    now: new Date('2026-03-01T12:00:00Z'),
    readText: (path) => readFile(`${root}${path}`, 'utf8'),
    listFiles: async (folder) =>
      (await readdir(`${root}${folder}`, { recursive: true, withFileTypes: true }))
        .filter(
          (entry) =>
            entry.isFile() && !/node_modules|\/dist(\/|$)|\/\.(git|cordon)(\/|$)/.test(entry.parentPath),
        )
        .map((entry) => `${entry.parentPath}/${entry.name}`.slice(`${root}${folder}/`.length))
        .sort(),
    run: refuse('a program'),
    scrub: (text) => scrub(text),
    test: () => Promise.resolve({ passed: 12, failed: 0, silent: [] }),
    stores: refuse('a store'),
    query: refuse('a query'),
    login: refuse('a login'),
    prove: (store) => Promise.resolve(cleanProof(store)),
    auditEncryption: refuse('an audit'),
    findSecrets: () => Promise.resolve({ of: 'here', scanned: 900, findings: [] }),
    verifyAudit: () => Promise.resolve({ of: 'here', entries: 40, findings: [] }),
    running: () => Promise.resolve(undefined),
    signIn: () => Promise.resolve(undefined),
    passwordStep: () => Promise.resolve(undefined),
    dataFolder: () => Promise.resolve('/data'),
    builds: () => Promise.resolve([{ name: 'pages', sha256: 'a'.repeat(64) }]),
    rootKey: () => Promise.resolve({ kind: 'aws-kms', of: 'CORDON_KEY_MANAGEMENT' }),
    secretFiles: () => Promise.resolve([{ path: '.cordon/secrets/root.key', mode: 0o100600 }]),
    processes: () =>
      Promise.resolve([
        { name: 'engine', variables: ['CORDON_DB_ENGINE_CLINICAL_URL', 'CORDON_ROOT_KEY_FILE'] },
        { name: 'console', variables: ['CORDON_DB_CONSOLE_SESSIONS_URL'] },
        { name: 'sequencer', variables: ['CORDON_LOG_WITNESSES_FILE'] },
      ]),
    ...more,
  };
}

/** What the gate makes of one control in a world: as `cordon gate --only ID`. */
export async function askGate(id: string, world: Asked, to: Environment = 'production'): Promise<Judgement> {
  const chosen = controls.filter((control) => control.id === id);
  const findings = await runChecks(chosen, { ...world, to });
  return judge(findings, { to, patientData: to === 'production', acceptances: [], now: world.now });
}

/** The control lets a sound world through, so that it is the sabotage that it names. */
export async function expectPass(id: string, world: Asked): Promise<void> {
  const { allowed, blocking } = await askGate(id, world);
  expect(blocking.map(({ finding }) => finding.because)).toEqual([]);
  expect(allowed).toBe(true);
}

/** The gate blocks, by this control, and says what was done. */
export async function expectBlocked(
  id: string,
  world: Asked,
  says: RegExp,
  state: 'fail' | 'unknown' = 'fail',
): Promise<void> {
  const { allowed, blocking } = await askGate(id, world);
  expect(allowed).toBe(false);
  expect(blocking.map(({ finding }) => finding.control.id)).toEqual([id]);
  expect(blocking[0]?.finding.because).toMatch(says);
  expect(blocking[0]?.finding.state).toBe(state);
}

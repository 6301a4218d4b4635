import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '@cordon/control-gate';
import { scrub } from '@cordon/pan-scrubber';
import type { Asked, Tokens } from '../../../../compliance/asked.ts';
import { readAuditSettings } from '../audit/settings.ts';
import { verifyStore } from '../audit/verify.ts';
import { runningBasePort } from '../commands/live-stores.ts';
import { proveOwnStores } from '../commands/rls-own-stores.ts';
import { askPasswordStep, signIn } from '../demo/sign-in.ts';
import { CliError } from '../error.ts';
import { checkInstallation } from '../secrets/check-installation.ts';
import { treeTexts } from '../secrets/git-texts.ts';
import { isKnownExample } from '../secrets/known-examples.ts';
import { scanTexts } from '../secrets/scan-texts.ts';
import { readDemoFile, type DemoAccount } from '../up/demo-file.ts';
import { makeLayout, type Layout } from '../up/layout.ts';
import { makeOrigins, type Origins } from '../up/origins.ts';
import { readRunning } from '../up/state-lock.ts';
import { trustInstallation } from '../up/trust-installation.ts';
import { findRootKey, listSecretFiles, readProcesses } from './installation.ts';
import { measureBuilds } from './measure-builds.ts';
import { auditStore, openStores, queryStore } from './open-stores.ts';
import { commandOf, runProgram } from './run-program.ts';
import { shareTestRuns } from './run-tests.ts';

export interface OpenAsked {
  readonly asked: Asked;
  readonly close: () => Promise<void>;
}

/** Answers checks from a checkout, the installation in it, and a throw-away copy of its stores where nothing runs. */
export async function makeAsked(root: string, to: Environment): Promise<OpenAsked> {
  const basePort = await runningBasePort(root);
  const layout = makeLayout(root, basePort ?? 7400);
  const running = basePort === undefined ? undefined : await readRunning(layout.state);
  if (running?.tls === true) await trustInstallation(layout.secrets);
  const origins = running && makeOrigins(layout.ports, running.tls);
  const stores = await openStores(layout);
  const run: Asked['run'] = (program, args, signal) => {
    const command = commandOf(program, args);
    return runProgram(root, command.program, command.args, signal);
  };
  // One at a time: each fills and attacks a server of its own.
  let proving: Promise<unknown> = Promise.resolve();
  const asked: Asked = {
    to,
    now: new Date(),
    readText: (path) => readWithin(root, path),
    listFiles: (folder) => listFiles(root, folder),
    run,
    scrub: (text) => scrub(text),
    test: shareTestRuns(run),
    stores: () => Promise.resolve(stores.definitions),
    query: async (store, sql, values) => queryStore(await stores.administrator(store), sql, values),
    login: stores.login,
    prove: (store) => {
      const proof = proving.then(async () => {
        const [first] = await proveOwnStores(root, [store]);
        if (first) return first;
        throw new CliError('arguments-invalid', `There is no store "${store}".`);
      });
      proving = proof.catch(() => undefined);
      return proof;
    },
    auditEncryption: async (store) => auditStore(await stores.administrator(store)),
    findSecrets: () => findSecrets(layout),
    verifyAudit: async () => (origins === undefined ? undefined : verifyLog()),
    running: () => Promise.resolve(origins),
    ...people(layout, origins),
    dataFolder: () => Promise.resolve(basePort === undefined ? undefined : join(layout.state, 'server')),
    builds: () => measureBuilds(root),
    rootKey: () => findRootKey(layout),
    secretFiles: () => listSecretFiles(layout),
    processes: () => readProcesses(layout),
  };
  return { asked, close: stores.close };
}

/**
 * A file of the checkout itself. What a link leads to outside is no part of any commit, and a verdict is about one.
 * @throws CliError `arguments-invalid` for a link
 */
export async function readWithin(root: string, path: string): Promise<string> {
  const file = join(root, path);
  const own = await realpath(root);
  if ((await realpath(file)) !== join(own, path) || !join(own, path).startsWith(`${own}/`))
    throw new CliError('arguments-invalid', `${path} is a link: put the file itself there.`);
  return readFile(file, 'utf8');
}

const leftOut = /(^|\/)(node_modules|dist|\.cordon|\.vitest|\.git)(\/|$)/;

async function listFiles(root: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (below: string): Promise<void> => {
    const entries = await readdir(join(root, folder, below), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (leftOut.test(path)) continue;
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile()) found.push(path);
    }
  };
  await walk('');
  return found.sort();
}

async function findSecrets(layout: Layout): ReturnType<Asked['findSecrets']> {
  const tree = await scanTexts(treeTexts(layout.root));
  const pids = (
    JSON.parse(await readFile(join(layout.state, 'apps.json'), 'utf8').catch(() => '[]')) as { pid: number }[]
  ).map(({ pid }) => pid);
  const installed = await checkInstallation({ secrets: layout.secrets, logs: layout.logs, pids });
  const inTree = tree.findings
    .filter((finding) => !isKnownExample(finding))
    .map(({ path, line, kind }) => `${path}:${line}: ${kind}`);
  return {
    of: 'the tree, and the files, logs and processes of this installation',
    scanned: tree.scanned,
    findings: [...inTree, ...installed],
  };
}

async function verifyLog(): Promise<{ of: string; entries: number; findings: string[] }> {
  const settings = await readAuditSettings({});
  // Many checks ask at once: the store may take its time to let one in.
  const database = () => ({ ...settings.database(), connectionTimeoutMillis: 60_000 });
  const { entries, findings } = await verifyStore({ ...settings, database });
  return {
    of: 'the audit store and its published log',
    entries,
    findings: findings.map(({ kind, ...rest }) => `${kind}: ${JSON.stringify(rest)}`),
  };
}

/** The people of the demo; nobody else's sign-in is at hand. */
function people(layout: Layout, origins: Origins | undefined): Pick<Asked, 'signIn' | 'passwordStep'> {
  const find = async (role: string, which: number): Promise<DemoAccount | undefined> =>
    (await readDemoFile(layout))?.accounts.filter((account) => account.role === role)[which];
  const held = new Map<string, Promise<Tokens | undefined>>();
  return {
    signIn: (role, which = 0) => {
      const name = `${role} ${which}`;
      const known =
        held.get(name) ??
        find(role, which).then((account) =>
          account && origins ? signIn(account, origins.identity) : undefined,
        );
      held.set(name, known);
      return known;
    },
    passwordStep: async (role) => {
      const account = await find(role, 0);
      return account && origins ? askPasswordStep(account, origins.identity) : undefined;
    },
  };
}

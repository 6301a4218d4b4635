import { execFile } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { issueVerdict } from '@cordon/control-gate';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { builtFolders, measureBuilds } from '../../apps/cli/src/gate/measure-builds.ts';
import { copyCheckout, type CheckoutCopy } from '../end-to-end/copy-checkout.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
let copy: CheckoutCopy;
let commit: string;

const git = async (...args: string[]): Promise<string> => {
  const person = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
  return (await run('git', [...person, ...args], { cwd: copy.checkout })).stdout.trim();
};
const build = (page: string): Promise<void> =>
  writeFile(join(copy.checkout, builtFolders[0], 'index.html'), page);

beforeAll(async () => {
  copy = await copyCheckout();
  for (const part of ['deploy', 'compliance', '.gitignore'])
    await cp(join(root, part), join(copy.checkout, part), { recursive: true });
  await git('init', '-q');
  await git('add', '-A');
  await git('commit', '-q', '-m', 'all');
  commit = await git('rev-parse', 'HEAD');
  await mkdir(join(copy.checkout, '.cordon', 'gate'), { recursive: true });
  await writeFile(
    join(copy.checkout, '.cordon/gate/verdict-key.pem'),
    publicKey.export({ type: 'spki', format: 'pem' }),
  );
});
afterAll(() => copy.remove());
beforeEach(async () => {
  for (const folder of builtFolders) {
    await rm(join(copy.checkout, folder), { recursive: true, force: true });
    await mkdir(join(copy.checkout, folder), { recursive: true });
    await writeFile(join(copy.checkout, folder, 'index.html'), '<!doctype html>');
  }
});

interface Told {
  readonly code: number;
  readonly said: string;
}

/** What the deploy step says, and whether it ran what was to be deployed. */
async function promote(to = 'production'): Promise<Told & { readonly deployed: boolean }> {
  const told = await new Promise<Told>((resolve) => {
    execFile(
      join(copy.checkout, 'deploy/promote'),
      ['--to', to, '--', 'echo', 'deployed'],
      { cwd: copy.checkout },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), said: `${stdout}${stderr}` });
      },
    );
  });
  return { ...told, deployed: told.said.includes('deployed\n') };
}

async function issue(
  more: { allowed?: boolean; commit?: string; key?: KeyObject; at?: Date } = {},
): Promise<string> {
  const { allowed = true } = more;
  const text = issueVerdict(
    {
      to: 'production',
      judgement: { allowed, blocking: [], tracked: [], passed: [] },
      commit: more.commit ?? commit,
      builds: await measureBuilds(copy.checkout),
      report: '{}',
      now: more.at ?? new Date(),
    },
    more.key ?? privateKey,
  );
  await writeFile(join(copy.checkout, '.cordon/gate/verdict-production.json'), text);
  return text;
}

it('deploys what the gate let through', async () => {
  await issue();
  expect(await promote()).toEqual({ code: 0, said: 'deployed\n', deployed: true });
});

it('deploys nothing where the clock shows a time before the commit was made', async () => {
  await issue();
  const ahead = new Date(Date.now() + 86_400_000).toISOString();
  const committed = await git('commit', '--amend', '--no-edit', '-q', '--date', ahead).then(() =>
    run('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '--amend', '--no-edit', '-q'], { cwd: copy.checkout, env: { ...process.env, GIT_COMMITTER_DATE: ahead } }),
  );
  expect(committed.stderr).toBe('');
  const { code, said, deployed } = await promote();
  expect({ code, deployed }).toEqual({ code: 2, deployed: false });
  expect(said).toContain('shows a time before its commit was made');
  await git('reset', '-q', '--hard', commit);
}); // prettier-ignore

it.each<[string, () => Promise<unknown>, RegExp]>([
  ['no verdict at all', () => rm(join(copy.checkout, '.cordon/gate/verdict-production.json'), { force: true }), /There is no verdict/],
  ['a forged verdict', () => issue({ key: generateKeyPairSync('ed25519').privateKey }), /not signed by the key/],
  ['an edited verdict', async () => {
    const envelope = JSON.parse(await issue({ allowed: false })) as { payload: string };
    const body = Buffer.from(envelope.payload, 'base64').toString().replace('"allowed":false', '"allowed":true');
    const edited = { ...envelope, payload: Buffer.from(body).toString('base64') };
    await writeFile(join(copy.checkout, '.cordon/gate/verdict-production.json'), JSON.stringify(edited));
  }, /not signed by the key/],
  ['an expired verdict', () => issue({ at: new Date(Date.now() - 13 * 3_600_000) }), /has ended/],
  ["another commit's verdict", () => issue({ commit: 'f'.repeat(40) }), /another commit/],
  ['a verdict that blocked', () => issue({ allowed: false }), /is blocked/],
  ['a build that was changed after the verdict', async () => { await issue(); await build('<script src=/x>'); }, /another build of apps\/console/],
  ['a build that nobody saw', async () => { await rm(join(copy.checkout, builtFolders[0]), { recursive: true }); await issue(); }, /digest nobody saw/],
])('refuses %s, and runs nothing', async (_name, prepare, sentence) => {
  await prepare();
  const { code, said, deployed } = await promote();
  expect({ code, deployed }).toEqual({ code: 1, deployed: false });
  expect(said).toMatch(sentence);
}); // prettier-ignore

it('refuses a tree that was changed since its commit', async () => {
  await issue();
  const file = join(copy.checkout, 'deploy/extra.txt');
  await writeFile(file, 'one more thing');
  expect(await promote()).toMatchObject({
    code: 1,
    deployed: false,
    said: expect.stringContaining('The tree was changed') as string,
  });
  await rm(file);
});

it('could not be asked where it is not said where to', async () => {
  expect((await promote('moon')).code).toBe(2);
});

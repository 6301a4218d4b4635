import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireSpace } from './disk.mjs';
import { PlainFailure } from './failure.mjs';
import { root } from './root.mjs';
import { runQuietly } from './run.mjs';
import { say } from './say.mjs';

const modules = join(root, 'node_modules');
const stamp = join(modules, '.cordon-lockfile');
const installedMegabytes = 900;

/** Installs what the lockfile names, when it is missing or older than the lockfile. Install scripts stay off. */
export async function ensureInstalled() {
  const lockfile = await readFile(join(root, 'package-lock.json'));
  const digest = createHash('sha256').update(lockfile).digest('hex');
  if (await isInstalled(digest)) return;
  await requireSpace(root, installedMegabytes);
  say('Installing the dependencies that package-lock.json names (a minute or two, about 700 MB) …');
  await runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  await writeFile(stamp, digest);
  say('Dependencies are installed');
}

async function isInstalled(digest) {
  const known = await readFile(stamp, 'utf8').catch(() => undefined);
  if (known !== undefined) return known === digest;
  // Somebody ran npm themselves: npm writes this file last.
  const [hidden, lockfile] = await Promise.all(
    [join(modules, '.package-lock.json'), join(root, 'package-lock.json')].map((file) =>
      stat(file).catch(() => undefined),
    ),
  );
  return hidden !== undefined && lockfile !== undefined && hidden.mtimeMs >= lockfile.mtimeMs;
}

/** Runs the npm that runs us, or else the one in PATH. */
export async function runNpm(args) {
  const script = process.env.npm_execpath;
  // The Node that runs npm, not the one in node_modules: that folder is about to be replaced.
  const [program, before] = script
    ? [process.env.npm_node_execpath ?? process.execPath, [script]]
    : ['npm', []];
  const { code, signal, said } = await runQuietly(program, [...before, ...args], { cwd: root }).catch(
    (error) => {
      if (error.code === 'ENOENT')
        throw new PlainFailure('npm is missing: install it beside Node and run this again.');
      throw error;
    },
  );
  if (code === 0) return;
  if (signal) throw new PlainFailure('Interrupted before npm had finished: run this again.');
  if (/ENOSPC|no space left on device/i.test(said))
    throw new PlainFailure(
      'The disk is full: npm could not install everything. Free 1 GB and run this again.',
    );
  if (/EACCES|EPERM/.test(said))
    throw new PlainFailure(`npm may not write below ${root}: run this as the owner of the checkout.`);
  if (/ENOTFOUND|ETIMEDOUT|ECONNREFUSED|ECONNRESET|EAI_AGAIN/.test(said))
    throw new PlainFailure(
      'npm could not reach its registry: check the network or the registry setting and run this again.',
    );
  process.stderr.write(said.slice(-4000));
  throw new PlainFailure('npm could not install the dependencies; its own words are above.');
}

import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { PlainFailure } from './failure.mjs';
import { root } from './root.mjs';
import { runQuietly } from './run.mjs';
import { say } from './say.mjs';

/** Builds each app's pages with Vite where they are missing or older than their sources. */
export async function buildPages(node) {
  const apps = [];
  for (const app of (await readdir(join(root, 'apps'))).sort())
    if (await stat(join(root, 'apps', app, 'ui', 'vite.config.ts')).catch(() => undefined)) apps.push(app);
  const stale = [];
  for (const app of apps) {
    const digest = await digestSources(app);
    const known = await readFile(stampOf(app), 'utf8').catch(() => undefined);
    const page = await stat(join(root, 'apps', app, 'dist', 'ui', 'index.html')).catch(() => undefined);
    if (known !== digest || !page) stale.push({ app, digest });
  }
  if (stale.length === 0) return;
  say(`Building the pages of ${stale.map(({ app }) => app).join(', ')} …`);
  await Promise.all(stale.map(({ app, digest }) => build(node, app, digest)));
}

async function build(node, app, digest) {
  const ui = join(root, 'apps', app, 'ui');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const { code, said } = await runQuietly(
    node,
    [vite, 'build', ui, '--config', join(ui, 'vite.config.ts'), '--outDir', '../dist/ui', '--emptyOutDir'],
    { cwd: root, env: { ...process.env, NODE_ENV: 'production' } },
  );
  if (code !== 0) {
    process.stderr.write(said.slice(-8000));
    if (/ENOSPC/.test(said))
      throw new PlainFailure('The disk is full: the pages could not be built. Free 1 GB and run this again.');
    throw new PlainFailure(`The pages of ${app} could not be built; Vite's own words are above.`);
  }
  await writeFile(stampOf(app), digest);
}

/** Beside the pages, not among them: what lies in `dist/ui` is served. */
function stampOf(app) {
  return join(root, 'apps', app, 'dist', 'ui.sources');
}

async function digestSources(app) {
  const hash = createHash('sha256');
  const own = await listFiles(join(root, 'apps', app, 'ui'));
  const shared = await Promise.all(
    ['clinic-page', 'pan-scrubber', 'phi-redaction'].map((name) => listFiles(join(root, 'packages', name))),
  );
  const common = ['package-lock.json', 'page-build.ts'].map((file) => join(root, file));
  const files = [...common, ...own, ...shared.flat()];
  for (const file of files)
    hash
      .update(relative(root, file))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  return hash.digest('hex');
}

async function listFiles(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

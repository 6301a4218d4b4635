// Runs before `npm pack` in a package's folder: JavaScript and types into dist, and the licence beside them.
import { copyFile, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlainFailure, tellFailures } from './steps/failure.mjs';
import { findNode24 } from './steps/node24.mjs';
import { root } from './steps/root.mjs';
import { runQuietly } from './steps/run.mjs';

await tellFailures(async () => {
  await build(process.cwd());
  return 0;
});

/** Packages of the workspace that this one needs come first: their types are what it is compiled against. */
async function build(folder) {
  const { exports, dependencies = {} } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies))
    if (name.startsWith('@cordon/')) await buildOnce(join(root, 'packages', name.slice('@cordon/'.length)));
  const entryPoints = Object.values(exports)
    .map((entryPoint) => entryPoint['cordon-source'])
    .filter((entryPoint) => entryPoint !== undefined);
  await rm(join(folder, 'dist'), { recursive: true, force: true });
  await compile(folder, entryPoints);
  const licence = join(folder, 'LICENSE');
  if (!(await stat(licence).catch(() => undefined))) await copyFile(join(root, 'LICENSE'), licence);
}

/** Packing the whole workspace comes by the same package several times. */
async function buildOnce(folder) {
  const built = await stat(join(folder, 'dist', 'index.d.ts')).catch(() => undefined);
  if (built === undefined || (await readNewest(folder)) > built.mtimeMs) await build(folder);
}

/** When a source of the package was changed last, in milliseconds. */
async function readNewest(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sources = entries.filter(
    (entry) => entry.isFile() && /(?<!\.d)\.tsx?$|^package\.json$/.test(entry.name),
  );
  const times = await Promise.all(
    sources.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).mtimeMs),
  );
  return Math.max(0, ...times);
}

/** A package for pages names the browser's types in settings of its own. */
async function findSettings(folder) {
  const own = join(folder, 'tsconfig.json');
  return (await stat(own).catch(() => undefined)) ? own : join(root, 'tsconfig.base.json');
}

/** Compiles what the entry points reach, so tests and their tools stay out. */
async function compile(folder, entryPoints) {
  const settings = join(folder, 'dist.tsconfig.json');
  await writeFile(
    settings,
    JSON.stringify({
      extends: await findSettings(folder),
      compilerOptions: {
        noEmit: false,
        rootDir: folder,
        outDir: join(folder, 'dist'),
        declaration: true,
        rewriteRelativeImportExtensions: true,
        // Another package of the workspace is seen through its built types, as its users see it.
        customConditions: [],
      },
      files: entryPoints,
      include: [],
    }),
  );
  try {
    const { code, said } = await runQuietly(
      await findNode24(),
      [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', settings],
      { cwd: folder },
    );
    if (code !== 0) {
      process.stderr.write(said);
      throw new PlainFailure(`${folder} does not compile; the compiler's own words are above.`);
    }
  } finally {
    await rm(settings, { force: true });
  }
}

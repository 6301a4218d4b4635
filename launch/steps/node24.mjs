import { readFile, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { PlainFailure } from './failure.mjs';
import { runNpm } from './install.mjs';
import { root } from './root.mjs';
import { runQuietly } from './run.mjs';
import { say } from './say.mjs';

const wanted = 24;
const fetched = join(root, 'node_modules', '.cordon-node');

/**
 * The Node that services run on: the one npm installed, this one, the system's, or one fetched from npm, whichever
 * is new enough to run TypeScript directly.
 */
export async function findNode24() {
  const packaged = join(`node-${process.platform}-${process.arch}`, 'bin', 'node');
  const candidates = [
    join(root, 'node_modules', packaged),
    process.execPath,
    ...(process.env.PATH ?? '')
      .split(delimiter)
      .filter(Boolean)
      .map((folder) => join(folder, 'node')),
    join(fetched, 'node_modules', packaged),
  ];
  for (const candidate of new Set(candidates)) if (await isNewEnough(candidate)) return candidate;
  return fetchNode24(packaged);
}

async function isNewEnough(program) {
  if (program === process.execPath) return Number(process.versions.node.split('.')[0]) >= wanted;
  if (!(await stat(program).catch(() => undefined))?.isFile()) return false;
  const { code, said } = await runQuietly(program, ['--version']).catch(() => ({ code: 1, said: '' }));
  return code === 0 && Number(/^v(\d+)\./.exec(said)?.[1]) >= wanted;
}

async function fetchNode24(packaged) {
  const name = `node-${process.platform}-${process.arch}`;
  const { optionalDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const version = optionalDependencies[name];
  if (version === undefined)
    throw new PlainFailure(
      `Cordon's services need Node ${wanted}, and npm has none for ${process.platform} ${process.arch}: install Node ${wanted} or newer and run this again.`,
    );
  say(`Fetching Node ${version} from npm …`);
  await runNpm([
    'install',
    '--prefix',
    fetched,
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    `${name}@${version}`,
  ]);
  const program = join(fetched, 'node_modules', packaged);
  if (await isNewEnough(program)) return program;
  throw new PlainFailure(
    `The Node ${version} that npm brought does not run here: install Node ${wanted} or newer and run this again.`,
  );
}

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const names = (await readdir(join(root, 'packages'))).sort();
let folder: string;
let listing: Map<string, string[]>;

/** npm as a user would call it: nothing of this test run in its environment, but what says how the registry is reached. */
async function npm(args: readonly string[], cwd: string): Promise<string> {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^(npm_(lifecycle|package|command|config_local_prefix)|NODE_(ENV|OPTIONS|PATH)|VITEST|VITE_)/i.test(
          name,
        ),
    ),
  );
  const { stdout } = await run('npm', [...args], {
    cwd,
    env: environment,
    maxBuffer: 16 * 1024 * 1024,
    timeout: 900_000,
  });
  return stdout;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-packages-'));
  const tarballs = join(folder, 'tarballs');
  const user = join(folder, 'user');
  await mkdir(tarballs);
  await mkdir(user);
  const flags = names.flatMap((name) => ['-w', `packages/${name}`]);
  const packed = JSON.parse(
    await npm(['pack', '--json', '--silent', '--pack-destination', tarballs, ...flags], root),
  ) as
    | { name: string; files: { path: string }[] }[]
    | Record<string, { name: string; files: { path: string }[] }>;
  listing = new Map(
    Object.values(packed).map((each) => [each.name, each.files.map((file) => file.path)] as const),
  );
  await writeFile(
    join(user, 'package.json'),
    JSON.stringify({ name: 'user', private: true, type: 'module' }),
  );
  const files = (await readdir(tarballs)).map((file) => join(tarballs, file));
  await npm(['install', '--no-audit', '--no-fund', '--ignore-scripts', ...files], user);
}, 1_200_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(names)('the packed package %s', (name) => {
  it('holds JavaScript, types, README and licence, and neither sources nor tests', () => {
    const files = listing.get(`@cordon/${name}`) ?? [];
    for (const wanted of ['dist/index.js', 'dist/index.d.ts', 'README.md', 'LICENSE', 'package.json'])
      expect(files).toContain(wanted);
    expect(files.filter((file) => /\.test\.|(?<!\.d)\.ts$/.test(file))).toEqual([]);
  });

  it('holds the SQL that its README names', async () => {
    const readme = await readFile(join(root, 'packages', name, 'README.md'), 'utf8');
    const named = Array.from(readme.matchAll(/`(sql\/[^`]*)`/g), ([, path = '']) => path);
    const files = listing.get(`@cordon/${name}`) ?? [];
    for (const path of named)
      expect(
        files.some((file) => file.startsWith(path)),
        `${path}, by "files" of package.json`,
      ).toBe(true);
  });

  it('is imported by a plain Node project, entry point by entry point', async () => {
    const manifest = JSON.parse(await readFile(join(root, 'packages', name, 'package.json'), 'utf8')) as {
      exports: Record<string, unknown>;
    };
    for (const entryPoint of Object.keys(manifest.exports)) {
      const specifier = join(`@cordon/${name}`, entryPoint);
      const program = `import * as library from ${JSON.stringify(specifier)}; console.log(Object.keys(library).length);`;
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], {
        cwd: join(folder, 'user'),
        env: { PATH: dirname(process.execPath) },
      });
      expect(Number(stdout), specifier).toBeGreaterThan(0);
    }
  });
});

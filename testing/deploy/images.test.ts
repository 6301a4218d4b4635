import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dockerfile = readFileSync(`${root}deploy/containers/Dockerfile`, 'utf8');

/** What an image holds of the checkout, by its target's COPY lines; their sources and places have the same names. */
function readCopied(target: string): string[] {
  const stage = dockerfile.split(/^FROM /m).find((part) => part.split('\n', 1)[0]?.endsWith(` AS ${target}`));
  return (stage ?? '')
    .split('\n')
    .filter((line) => line.startsWith('COPY '))
    .map((line) => (line.split(' ').at(-1) ?? '').replace(/^\.\//, ''));
}

/** Files that the process finds by their place beside its sources, and where that is. A put-together name reads as `*`. */
function readReferences(app: string): { source: string; place: string }[] {
  return ['packages', `apps/${app}`]
    .flatMap((folder) =>
      readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    )
    .filter(
      (file) =>
        /(?<!\.test|\.d)\.ts$/.test(file) && !/\/(node_modules|dist|testing|deployments)\//.test(file),
    )
    .flatMap((source) =>
      Array.from(
        readFileSync(root + source, 'utf8').matchAll(
          /new URL\(\s*['"`](\.[^'"`]+)['"`],\s*import\.meta\.url/g,
        ),
        ([, path = '']) => ({
          source,
          place: posix.join(posix.dirname(source), path.replace(/\$\{[^}]+\}/g, '*')),
        }),
      ),
    );
}

const apps = ['engine', 'identity', 'console', 'portal', 'web', 'sequencer', 'witness'];

it.each(apps)('the image of %s holds every file that its process looks for beside its sources', (app) => {
  const copied = readCopied(app);
  expect(copied).toContain(`apps/${app}`);
  const missing = readReferences(app).filter(
    ({ place }) => !copied.some((each) => place === each || place.startsWith(`${each}/`)),
  );
  expect(missing, 'COPY them in deploy/containers/Dockerfile').toEqual([]);
});

it('sees such a file outside the process’s own folder, so that it can miss one', () => {
  expect(readReferences('engine').map(({ place }) => place)).toContain('database/*/store.json');
});

it.each(['database/clinical/store.json', 'config/champagne-data-classes.json'])(
  '%s goes into a build',
  (file) => {
    const allowed = readFileSync(`${root}deploy/containers/Dockerfile.dockerignore`, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect(
      allowed.some((pattern) => posix.matchesGlob(file, pattern) || file.startsWith(`${pattern}/`)),
    ).toBe(true);
  },
);

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { auditActions } from '../apps/engine/src/audit/entry.ts';
import { collectErrorCodes } from './error-codes.ts';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** The words in backticks of a page's table rows, first column only. */
function firstColumn(page: string): string[] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) =>
      Array.from((line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g), (match) => match[1] ?? ''),
    );
}

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

function manifests(): Manifest[] {
  const folders = ['apps', 'packages'].flatMap((folder) =>
    readdirSync(new URL(`../${folder}`, import.meta.url)).map((name) => `${folder}/${name}`),
  );
  return ['.', ...folders].map((folder) => JSON.parse(read(`${folder}/package.json`)) as Manifest);
}

describe('docs/dependencies.md', () => {
  it('names every dependency, and none that is not there', () => {
    const used = new Set(
      manifests().flatMap((manifest) =>
        Object.keys({
          ...manifest.dependencies,
          ...manifest.devDependencies,
          ...manifest.optionalDependencies,
        }),
      ),
    );
    const ours = [...used].filter((name) => !name.startsWith('@cordon/'));
    expect(firstColumn(read('docs/dependencies.md')).sort()).toEqual(ours.sort());
  });

  it('is about exact versions', () => {
    const versions = manifests().flatMap((manifest) =>
      Object.values({
        ...manifest.dependencies,
        ...manifest.devDependencies,
        ...manifest.optionalDependencies,
      }),
    );
    for (const version of versions) expect(version.replace(/^npm:.*@/, '')).toMatch(/^\d[a-z.0-9-]*$/);
  });
});

describe('docs/errors.md', () => {
  it('names every error code that the code can raise, once in its room, and none that it cannot', () => {
    const codes = [...collectErrorCodes().values()].flat().sort();
    expect(firstColumn(read('docs/errors.md')).sort()).toEqual(codes);
  });
});

describe('docs/audit-events.md', () => {
  it('names every action that the engine records', () => {
    const named = firstColumn(read('docs/audit-events.md'));
    for (const action of auditActions) expect(named).toContain(action);
  });
});

import type { PolicyProblem } from './error.ts';
import { FILE_NAMES, type FileKey } from './ids.ts';
import { findStrings, showValue } from './json-path.ts';
import { findNearest } from './nearest.ts';
import { DECLARATIONS, REFERENCES, UNIQUE, type Collection } from './references.ts';

/** Parsed JSON of each file; undefined where the text was none. */
export type RawFiles = Record<FileKey, unknown>;

/** References to ids that nobody declares, in all three files, whatever else is wrong with them. */
export function checkReferences(raw: RawFiles): PolicyProblem[] {
  return REFERENCES.flatMap(({ file, pattern, to }) => {
    const declared = declaredIds(raw, to);
    if (declared === null) return [];
    return findStrings(raw[file], pattern)
      .filter(({ value }) => !declared.has(value))
      .map(({ path, value }) => unknownReference(file, path, value, declared));
  });
}

export function unknownReference(
  file: FileKey,
  path: string,
  value: string,
  known: Iterable<string>,
): PolicyProblem {
  const nearest = findNearest(value, known);
  return {
    kind: 'unknown-reference',
    file: FILE_NAMES[file],
    path,
    value: showValue(value),
    message: 'refers to an id that is not declared',
    ...(nearest === undefined ? {} : { nearest }),
  };
}

/** Ids declared twice: the second would silently win or lose. */
export function checkDuplicates(raw: RawFiles): PolicyProblem[] {
  const namespaces = [
    ...(['permissions', 'retentionPolicies', 'roles', 'purposes'] as const).map((to) => DECLARATIONS[to]),
    ...UNIQUE.map((place) => [place]),
  ];
  return namespaces.flatMap((places) => {
    const seen = new Set<string>();
    return places.flatMap(({ file, pattern }) =>
      findStrings(raw[file], pattern).flatMap(({ path, value }): PolicyProblem[] => {
        if (!seen.has(value)) {
          seen.add(value);
          return [];
        }
        return [
          {
            kind: 'duplicate-id',
            file: FILE_NAMES[file],
            path,
            value: showValue(value),
            message: 'is declared twice',
          },
        ];
      }),
    );
  });
}

/** Ids that the code relies on and that a replaced file no longer declares. */
export function checkExpected(
  raw: RawFiles,
  expected: Partial<Record<Collection, readonly string[]>>,
): PolicyProblem[] {
  return (Object.keys(expected) as Collection[]).flatMap((to) => {
    const declared = declaredIds(raw, to);
    const [place] = DECLARATIONS[to];
    if (declared === null || place === undefined) return [];
    return (expected[to] ?? [])
      .filter((id) => !declared.has(id))
      .map((id): PolicyProblem => {
        const nearest = findNearest(id, declared);
        return {
          kind: 'missing-id',
          file: FILE_NAMES[place.file],
          path: `$.${place.pattern}`,
          value: showValue(id),
          message: 'must be declared',
          ...(nearest === undefined ? {} : { nearest }),
        };
      });
  });
}

/** Null where a file that would declare them could not be parsed: its absence is a problem of its own. */
function declaredIds(raw: RawFiles, to: Collection): ReadonlySet<string> | null {
  const places = DECLARATIONS[to];
  if (places.some(({ file }) => raw[file] === undefined)) return null;
  return new Set(
    places.flatMap(({ file, pattern }) => findStrings(raw[file], pattern).map(({ value }) => value)),
  );
}

import { checkConsistency } from './check-consistency.ts';
import { checkDuplicates, checkExpected, checkReferences, type RawFiles } from './check-references.ts';
import { checkShape, type PolicyFiles } from './check-shape.ts';
import { AccessPolicyError, type PolicyProblem } from './error.ts';
import { FILE_KEYS, FILE_NAMES } from './ids.ts';

/** Ids that the calling code relies on: a file without one of them is refused. */
export interface ExpectedIds {
  readonly roles: readonly string[];
  readonly dataClasses: readonly string[];
}

/**
 * Checks the three files against their schemas and against each other.
 * @param raw parsed JSON; undefined for a file whose `known` problem is that it is no JSON
 * @param known problems already found while reading
 * @throws {AccessPolicyError} `policy-files-invalid`, naming every problem
 */
export function checkFiles(
  raw: RawFiles,
  expected: ExpectedIds,
  known: readonly PolicyProblem[] = [],
): PolicyFiles {
  const dataClasses = checkShape('dataClasses', raw.dataClasses);
  const retentionAndAccess = checkShape('retentionAndAccess', raw.retentionAndAccess);
  const aiGateway = checkShape('aiGateway', raw.aiGateway);
  const unreadable = new Set(known.filter(({ path }) => path === '$').map(({ file }) => file));
  const problems = [
    ...known,
    ...[dataClasses, retentionAndAccess, aiGateway]
      .flatMap((result) => result.problems)
      .filter(({ file }) => !unreadable.has(file)),
    ...checkDuplicates(raw),
    ...checkReferences(raw),
    ...checkExpected(raw, { roles: expected.roles, dataClasses: expected.dataClasses }),
  ];
  if (dataClasses.parsed !== null && retentionAndAccess.parsed !== null && aiGateway.parsed !== null) {
    const files = {
      dataClasses: dataClasses.parsed,
      retentionAndAccess: retentionAndAccess.parsed,
      aiGateway: aiGateway.parsed,
    };
    problems.push(...checkConsistency(files));
    if (problems.length === 0) return files;
  }
  throw invalidFiles(problems);
}

function invalidFiles(problems: readonly PolicyProblem[]): AccessPolicyError {
  const order = FILE_KEYS.map((key) => FILE_NAMES[key]);
  const sorted = problems.toSorted((a, b) => order.indexOf(a.file) - order.indexOf(b.file));
  return new AccessPolicyError('policy-files-invalid', sorted.map(describeProblem).join('\n'), {
    problems: sorted,
  });
}

/** One line: file, path, what is wrong, value, nearest known id. */
function describeProblem(problem: PolicyProblem): string {
  const hint = problem.nearest === undefined ? '' : `; did you mean ${JSON.stringify(problem.nearest)}?`;
  return `${problem.file} ${problem.path}: ${problem.message} (${problem.value})${hint}`;
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ran, TestRun } from '../../../../compliance/asked.ts';

type Project = 'unit' | 'integration';
type Run = (program: string, args: readonly string[], signal: AbortSignal) => Promise<Ran>;

interface FileResult {
  readonly name: string;
  readonly assertionResults: readonly { readonly status: string }[];
  readonly status: string;
}

/** Checks that begin together share one run of each project: a run of the integration tests starts a server of its own. */
const gatherMilliseconds = 300;

/** Answers for the named files of a project's run that is shared with whoever else asks meanwhile. */
export function shareTestRuns(
  run: Run,
): (project: Project, paths: readonly string[], signal: AbortSignal) => Promise<TestRun> {
  const open = new Map<
    Project,
    { readonly paths: Set<string>; readonly results: Promise<readonly FileResult[]> }
  >();
  const begin = (project: Project) => {
    const paths = new Set<string>();
    const results = sleep(gatherMilliseconds).then(async () => {
      open.delete(project);
      // Its own limit: the one who asks may give up before the others.
      const limit = AbortSignal.timeout(1_200_000);
      const folder = await mkdtemp(join(tmpdir(), 'cordon-tests-'));
      try {
        const file = join(folder, 'results.json');
        const options = ['--reporter=json', `--outputFile=${file}`, '--project', project];
        const { stderr, code } = await run('npx', ['vitest', 'run', ...options, ...paths], limit);
        const text = await readFile(file, 'utf8').catch(() => undefined);
        if (text === undefined)
          throw new Error(
            `The tests did not run (exit code ${code}): ${stderr.trim().split('\n').at(-1) ?? ''}`,
          );
        return (JSON.parse(text) as { testResults: readonly FileResult[] }).testResults;
      } finally {
        await rm(folder, { recursive: true });
      }
    });
    const shared = { paths, results };
    open.set(project, shared);
    return shared;
  };
  return async (project, paths) => {
    const shared = open.get(project) ?? begin(project);
    for (const path of paths) shared.paths.add(path);
    const results = await shared.results;
    const of = (path: string): readonly FileResult[] =>
      results.filter(({ name }) => name.includes(`/${path}`));
    const mine = new Set(paths.flatMap((path) => of(path)));
    const tests = [...mine].flatMap(({ assertionResults }) => assertionResults);
    const broken = [...mine].filter(
      ({ status, assertionResults }) =>
        status === 'failed' && assertionResults.every((each) => each.status !== 'failed'),
    );
    return {
      passed: tests.filter(({ status }) => status === 'passed').length,
      failed: tests.filter(({ status }) => status === 'failed').length + broken.length,
      silent: paths.filter((path) =>
        of(path).every(({ assertionResults }) => assertionResults.every(({ status }) => status !== 'passed')),
      ),
    };
  };
}

import { fail, pass, seen, unknown, type Answer } from '@cordon/control-gate';
import { z } from 'zod';
import type { Asked } from '../asked.ts';
import { readJson } from './supply-chain.ts';

const pythonFile =
  /\.(py|pyi|pyx|ipynb)$|(^|\/)(requirements[\w.-]*\.(txt|in)|pyproject\.toml|Pipfile(\.lock)?|poetry\.lock|uv\.lock|setup\.cfg|environment\.ya?ml)$/;
const requirementsFile = /(^|\/)requirements[\w.-]*\.txt$/;

/** What `pip-audit --format json` answers (github.com/pypa/pip-audit): a package that it could not look at says why. */
const auditSchema = z.object({
  dependencies: z.array(
    z.union([
      z.object({ name: z.string(), version: z.string(), vulns: z.array(z.object({ id: z.string() })) }),
      z.object({ name: z.string(), skip_reason: z.string() }),
    ]),
  ),
});

/** Python, where there is any, is scanned by pip-audit; without any there is nothing to scan. */
export async function pythonScanned(asked: Asked, signal: AbortSignal): Promise<Answer> {
  const listed = await asked.run('git', ['ls-files', '-z'], signal);
  const tracked = listed.stdout.split('\0').filter((path) => path !== '');
  if (listed.code !== 0 || tracked.length === 0)
    return unknown('Nobody can say which files there are.', [
      seen('git ls-files', 'this checkout', listed.stderr.slice(-300)),
    ]);
  const scripts = await asked.run('git', ['grep', '-lIE', '--untracked', '^#!.*python'], signal);
  // 1: nothing was found.
  if (scripts.code > 1)
    return unknown('Scripts could not be looked at.', [
      seen('git grep for #!…python', 'this checkout', scripts.stderr.slice(-300)),
    ]);
  const python = new Set([...tracked.filter((path) => pythonFile.test(path)), ...scripts.stdout.split('\n').filter((path) => path !== '')]); // prettier-ignore
  const looked = seen(
    'names, and the first lines of scripts',
    'git ls-files',
    python.size === 0
      ? `no Python files of ${tracked.length} tracked`
      : `${python.size} of ${tracked.length}: ${[...python].slice(0, 10).join(', ')}`,
  );
  if (python.size === 0) return pass(`There is no Python among ${tracked.length} files.`, [looked]);
  const requirements = [...python].filter((path) => requirementsFile.test(path));
  if (requirements.length === 0)
    return unknown(
      'There is Python, and no requirements file that names what it needs.',
      [looked],
      'pip freeze > requirements.txt, then pip-audit --requirement requirements.txt',
    );
  const answers = [];
  for (const file of requirements) answers.push(await auditFile(asked, file, signal));
  const worst =
    answers.find(({ state }) => state === 'fail') ??
    answers.find(({ state }) => state === 'unknown') ??
    answers[0];
  return {
    ...(worst ?? unknown('Nothing was asked.', [])),
    evidence: [looked, ...answers.flatMap(({ evidence }) => evidence)],
  };
}

async function auditFile(asked: Asked, file: string, signal: AbortSignal): Promise<Answer> {
  const next = `pip-audit --strict --requirement ${file}`;
  const { code, stdout, stderr } = await asked.run(
    'pip-audit',
    ['--format', 'json', '--strict', '--requirement', file],
    signal,
  );
  const read = auditSchema.safeParse(readJson(stdout));
  if (!read.success)
    return unknown(
      `pip-audit gave no report on ${file}.`,
      [seen(next, file, `exit code ${code}: ${stderr.slice(-300)}`)],
      next,
    );
  const { dependencies } = read.data;
  const skipped = dependencies.flatMap((each) => ('skip_reason' in each ? [each.name] : []));
  const weak = dependencies.flatMap((each) => ('vulns' in each ? each.vulns.map(({ id }) => `${each.name}: ${id}`) : [])); // prettier-ignore
  const evidence = [
    seen(
      next,
      file,
      `${dependencies.length} packages, ${weak.length} weaknesses, ${skipped.length} not looked at`,
    ),
  ];
  if (weak.length > 0) return fail(`${weak.slice(0, 3).join('; ')}.`, evidence, next);
  if (skipped.length > 0 || dependencies.length === 0)
    return unknown(`Nobody looked at ${skipped.join(', ') || file}.`, evidence, next);
  return pass(`${dependencies.length} packages of ${file} have no known weakness.`, evidence);
}

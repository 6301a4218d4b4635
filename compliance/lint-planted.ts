// Asked by a check: lints a text as if it stood in a package and in a page, and prints the ids of the rules that found something.
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';

const root = fileURLToPath(new URL('..', import.meta.url));
const eslint = new ESLint({ cwd: root });
const source = process.argv[2] ?? '';
// Files that exist, so that the rules that need types have a project to ask.
const results = await eslint.lintText(source, {
  filePath: 'packages/service/src/health.ts',
  warnIgnored: true,
});
const rules = results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId ?? 'none'));
process.stdout.write(JSON.stringify([...new Set(rules)]));

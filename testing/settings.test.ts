import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Setting {
  readonly name: string;
  /** `required`, `–` for optional, a default as it is written, or undefined where the code does not write it out. */
  readonly need: string | undefined;
}

/** The rows of the page; `<ROLE>` and `<STORE>` stand for names that the code puts together. */
function readPage(): Setting[] {
  const rows = readFileSync(`${root}docs/settings.md`, 'utf8').matchAll(
    /^\| `(CORDON_[A-Z0-9_<>]+)` +\| ([^|]+?) +\|/gm,
  );
  return Array.from(rows, ([, name = '', need = '']) => ({ name, need: need.replaceAll('`', '') }));
}

function readSources(): ts.SourceFile[] {
  const files = ['apps', 'packages'].flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  );
  return files
    .filter((file) => /(?<!\.d|\.test)\.ts$/.test(file) && !/\/(node_modules|dist|testing)\//.test(file))
    .map((file) => [file, readFileSync(root + file, 'utf8')] as const)
    .filter(([, text]) => text.includes('CORDON_'))
    .map(([file, text]) => ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
}

/** What a Zod schema asks of a variable: the last `.default()` or `.optional()` of the chain, or of the helper that makes it. */
function needOf(schema: ts.Expression): string | undefined {
  for (let call: ts.Expression = schema; ts.isCallExpression(call);) {
    const { expression, arguments: [argument] } = call; // prettier-ignore
    const method = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
    if (method === 'optional') return '–';
    if (method === 'shorterThan') return undefined;
    if (method === 'default' || method === 'claimName') {
      if (argument === undefined || ts.isIdentifier(argument)) return undefined;
      return ts.isStringLiteral(argument) ? argument.text || '–' : argument.getText();
    }
    if (!ts.isPropertyAccessExpression(expression)) break;
    call = expression.expression;
  }
  return 'required';
}

/** Members of the objects that are handed to Zod, and names in strings. */
function readCode(): { schemas: Setting[]; names: Set<string> } {
  const schemas: Setting[] = [];
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && /^CORDON_[A-Z0-9_]+$/.test(node.text)) names.add(node.text);
    if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text.startsWith('CORDON_')) {
      names.add(node.name.text);
      const inSchema =
        /^z$|Settings$|Schema$|^(choice|common|smtp|twilio|chosen|documentAi|settings|schema)$/;
      const owner = node.parent.parent;
      const named = ts.isVariableDeclaration(owner)
        ? owner.name.getText()
        : ts.isCallExpression(owner)
          ? owner.expression.getText().split('.')[0]?.trim()
          : '';
      if (inSchema.test(named ?? '')) schemas.push({ name: node.name.text, need: needOf(node.initializer) });
    }
    ts.forEachChild(node, visit);
  };
  readSources().forEach(visit);
  return { schemas, names };
}

const page = readPage();
const { schemas, names } = readCode();
/** Before and behind what stands for a role's or a store's name. */
const patterns = page.filter(({ name }) => name.includes('<')).map(({ name }) => name.split(/<[A-Z]+>/));
const isPutTogether = (name: string): boolean =>
  patterns.some(([start = '', end = '']) => name.startsWith(start) && name.endsWith(end));

describe('docs/settings.md', () => {
  it('names every setting that a process or command reads', () => {
    const documented = new Set(page.map(({ name }) => name));
    const missing = [...names].filter((name) => !documented.has(name) && !isPutTogether(name));
    expect(missing, 'add them to docs/settings.md').toEqual([]);
  });

  it('names no setting that nothing reads', () => {
    const stale = page.filter(({ name }) => !name.includes('<') && !names.has(name));
    expect(stale, 'remove them from docs/settings.md').toEqual([]);
  });

  it('finds the schemas in which the settings are declared', () => {
    expect(schemas.length).toBeGreaterThan(100);
  });

  it.each(schemas)('gives the default of $name, or says that it is required', ({ name, need }) => {
    const given = page.filter((row) => row.name === name).map((row) => row.need);
    if (need === undefined) expect(given).not.toEqual([]);
    else expect(given, 'correct docs/settings.md').toContain(need);
  });
});

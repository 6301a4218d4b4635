import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Any source of the engine: the rule asks the compiler, so the text is looked at in the place of a real file. */
const place = `${root}apps/engine/src/features/intake/queries.ts`;
let eslint: ESLint;

beforeAll(async () => {
  eslint = new ESLint({ cwd: root });
  // The first file makes the compiler read the whole project.
  await refusedParts('');
});

async function refusedParts(source: string): Promise<string[]> {
  const results = await eslint.lintText(
    `declare const pool: { query(text: string | { text: string }, values?: unknown[]): Promise<unknown> };
     declare const name: string, count: number, column: 'id' | 'name', parts: string[];
     declare function placeColumn(column: string): string; declare function build(): string;
     ${source}`,
    { filePath: place },
  );
  return (results[0]?.messages ?? [])
    .filter(({ ruleId }) => ruleId === 'cordon/no-string-built-sql')
    .map(({ message }) => /from "([^]*?)"\. Write/.exec(message)?.[1] ?? message);
}

describe('the rule against string-built SQL', () => {
  it.each([
    ['a template', 'void pool.query(`SELECT ${name}`);', 'name'],
    ['a sum', "void pool.query('SELECT ' + name);", 'name'],
    ['a statement object', 'void pool.query({ text: `SELECT ${name}` });', 'name'],
    ['a computed method', "void pool['query'](`SELECT ${name}`);", 'name'],
    ['a variable', "const text = 'SELECT ' + name; void pool.query(text);", 'name'],
    ['a variable of variables', "const a = name + ''; const b = `x ${a}`; void pool.query(`${b}`);", 'b'],
    ['a text that grows', "let text = 'SELECT 1'; text += name; void pool.query(text);", 'name'],
    ['one arm of a choice', "void pool.query(count > 1 ? 'SELECT 1' : `SELECT ${name}`);", 'name'],
    ['parts joined', "void pool.query(parts.join(' '));", "parts.join(' ')"],
    ['a call of an unknown function', 'void pool.query(`SELECT ${build()}`);', 'build()'],
    [
      'a type assertion',
      'void pool.query(`SELECT ${(name as unknown) as any}`);',
      '(name as unknown) as any',
    ],
  ])('refuses %s', async (_name, source, part) => {
    expect(await refusedParts(source)).toEqual([part]);
  });

  it.each([
    ['a literal with parameters', "void pool.query('SELECT $1', [name]);"],
    ['constants', "const columns = 'id, name'; void pool.query(`SELECT ${columns} FROM t`);"],
    ['constants of constants', "const a = 'id'; const b = `${a}, name`; void pool.query('SELECT ' + b);"],
    ['numbers', 'void pool.query(`SELECT 1 LIMIT ${count}`);'],
    ['a closed list', 'void pool.query(`SELECT ${column} FROM t`);'],
    ['what a named function returns', "void pool.query(`SELECT ${placeColumn('at')}`);"],
    ['a text handed on', 'export const send = (text: string) => pool.query(text);'],
    ['another method', 'parts.includes(`SELECT ${name}`);'],
  ])('accepts %s', async (_name, source) => {
    expect(await refusedParts(source)).toEqual([]);
  });

  it('stands guard over the statements of every app and package', async () => {
    for (const file of ['apps/identity/src/sweep.ts', 'packages/web-guard/index.ts']) {
      const config = (await eslint.calculateConfigForFile(`${root}${file}`)) as {
        rules: Record<string, unknown[]>;
      };
      expect(config.rules['cordon/no-string-built-sql']?.[0]).toBe(2);
    }
  });
});

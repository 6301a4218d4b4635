import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = readdirSync(`${root}packages`);

/** What an example takes from the reader's own program. */
const readersOwn: Readonly<Record<string, string>> = {
  'ai-gateway': `
    declare const file: Parameters<typeof compileGateway>[0], body: unknown, patient: never, clinic: never;
    declare const derive: (words: string) => Uint8Array, answer: AsyncIterable<string>, show: (text: string) => void;`,
  'pan-scrubber': 'declare const source: AsyncIterable<string>, sink: { write: (text: string) => void };',
  'phi-redaction': 'declare const answer: AsyncIterable<string>, show: (text: string) => void;',
  'row-security': `
    declare const connection: import('pg').ClientConfig, keyId: string, key: import('node:crypto').KeyObject, text: string;
    declare const context: import('@cordon/row-security').SealedContext;`,
};

interface Example {
  readonly file: string;
  readonly text: string;
}

/** Each block of code of a README as a module beside it, where imports lead as they do for a reader. */
function readExamples(name: string): Example[] {
  const readme = readFileSync(`${root}packages/${name}/README.md`, 'utf8');
  const blocks = Array.from(readme.matchAll(/^```(?:ts|js)\n([\s\S]*?)^```/gm), ([, block = '']) => block);
  return blocks.map((block, turn) => ({
    file: `${root}packages/${name}/readme-example-${turn + 1}.ts`,
    text: `${block}\n${readersOwn[name] ?? ''}\nexport {};\n`,
  }));
}

/** Errors of the compiler by example, in one program: the packages are read once. */
function checkExamples(examples: readonly Example[]): Map<string, string[]> {
  const { config } = ts.readConfigFile(`${root}tsconfig.base.json`, (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...config.compilerOptions,
      noUnusedLocals: false,
      noUncheckedIndexedAccess: false,
      lib: ['es2024', 'esnext.disposable', 'esnext.collection', 'dom'],
    },
    root,
  );
  const texts = new Map(examples.map(({ file, text }) => [file, text]));
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => texts.has(file) || disk.fileExists(file),
    readFile: (file) => texts.get(file) ?? disk.readFile(file),
    getSourceFile: (file, language, ...rest) => {
      const text = texts.get(file);
      return text === undefined
        ? disk.getSourceFile(file, language, ...rest)
        : ts.createSourceFile(file, text, language);
    },
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return new Map(
    examples.map(({ file }) => [
      file,
      [
        ...program.getSyntacticDiagnostics(program.getSourceFile(file)),
        ...program.getSemanticDiagnostics(program.getSourceFile(file)),
      ].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    ]),
  );
}

const examples = packages.flatMap(readExamples);

describe('the READMEs of the packages', () => {
  const problems = checkExamples(examples);

  it.each(packages)('%s shows an example', (name) => {
    expect(examples.filter(({ file }) => file.startsWith(`${root}packages/${name}/`))).not.toEqual([]);
  });

  it.each(examples.map(({ file }) => file.slice(root.length)))('%s compiles as it stands', (file) => {
    expect(problems.get(root + file)).toEqual([]);
  });
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Sources that may declare error codes: apps, packages and the engine's features; tests and pages left out. */
function sourceFiles(): string[] {
  return ['apps', 'packages'].flatMap((folder) => listErrorFiles(join(root, folder)));
}

/** What is built comes and goes while packages are packed beside this, so nobody looks into it. */
const passedBy = new Set(['node_modules', 'dist', 'ui', 'clinic-page']);

function listErrorFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return passedBy.has(entry.name) ? [] : listErrorFiles(path);
    return /error[^/]*\.ts$/.test(entry.name) && !entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

/** Every code of every exported type `…ErrorCode`, by the name of the type; asked of the compiler, not of the text. */
export function collectErrorCodes(): Map<string, string[]> {
  const program = ts.createProgram(sourceFiles(), {
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ['cordon-source'],
    allowImportingTsExtensions: true,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  });
  const checker = program.getTypeChecker();
  const found = new Map<string, string[]>();
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile || /node_modules/.test(file.fileName)) continue;
    const symbol = checker.getSymbolAtLocation(file);
    for (const exported of symbol ? checker.getExportsOfModule(symbol) : []) {
      if (!exported.name.endsWith('ErrorCode')) continue;
      const type = checker.getDeclaredTypeOfSymbol(exported);
      const members = type.isUnion() ? type.types : [type];
      found.set(
        exported.name,
        members.flatMap((member) => (member.isStringLiteral() ? [member.value] : [])).sort(),
      );
    }
  }
  return found;
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Sources that may declare error codes: apps, packages and the engine's features; tests and pages left out. */
function sourceFiles(): string[] {
  return ['apps', 'packages'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(
        (file) =>
          /error[^/]*\.ts$/.test(file) && !/node_modules|dist\/|\.test\.ts$|\/ui\/|clinic-page\//.test(file),
      )
      .map((file) => join(root, folder, file)),
  );
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

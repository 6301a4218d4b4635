/** Prints an error for a person: its public sentence where it has one, all of it where it was not foreseen. */
export function tellError(error: unknown): void {
  if (!hasPublicMessage(error)) {
    const sentence = explainSystemError(error);
    if (isArgumentError(error)) console.error(`cordon: ${error.message}`);
    else if (sentence !== undefined) console.error(`cordon: ${sentence}`);
    else console.error(error);
    return;
  }
  console.error(`cordon: ${error.publicMessage}`);
  if (error.place !== undefined) console.error(indent(describePlace(error.place)));
  if (typeof error.detail === 'string' && error.detail !== '') console.error(indent(error.detail));
}

/** What the system says about files, in words; undefined for everything else. */
function explainSystemError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const path = 'path' in error && typeof error.path === 'string' ? error.path : unknownPath;
  switch (error.code) {
    case 'ENOSPC':
      return 'The disk is full: free at least 500 MB and start again.';
    case 'EROFS':
      return `${path} is on a read-only disk: move the checkout to one that can be written to.`;
    case 'EACCES':
    case 'EPERM':
      return `This account may not use ${path}: start Cordon as the owner of the checkout.`;
    case 'ENOENT':
      return path === unknownPath ? undefined : `There is no ${path}: check the path.`;
    case 'EEXIST':
      return `${path} is there already: choose another name.`;
    case 'EISDIR':
      return `${path === unknownPath ? 'That' : path} is a folder: name a file.`;
    case 'ENOTDIR':
      return `${path} leads through a file as if it were a folder: check the path.`;
    case 'ECONNREFUSED':
      return 'Nothing answers at the address of a store: check that it runs, and try again.';
    default:
      return undefined;
  }
}

const unknownPath = 'a file it needs';

interface PublicError extends Error {
  readonly publicMessage: string;
  readonly detail?: unknown;
  /** Where in which file the fault is, as errors of the transparency log have it. */
  readonly place?: { readonly source?: string; readonly line?: number; readonly byte?: number } | undefined;
}

function describePlace({ source, line, byte }: NonNullable<PublicError['place']>): string {
  const parts = [source, line === undefined ? undefined : `line ${line}`, byte === undefined ? undefined : `byte ${byte}`]; // prettier-ignore
  return `in ${parts.filter((part) => part !== undefined).join(', ')}`;
}

function hasPublicMessage(error: unknown): error is PublicError {
  return error instanceof Error && 'publicMessage' in error && typeof error.publicMessage === 'string';
}

/** `parseArgs` of node:util names the word that it did not understand. */
function isArgumentError(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('ERR_PARSE_ARGS_')
  );
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

/** Prints an error for a person: its public sentence where it has one, all of it where it was not foreseen. */
export function tellError(error: unknown): void {
  if (!hasPublicMessage(error)) {
    if (isArgumentError(error)) console.error(`cordon: ${error.message}`);
    else console.error(error);
    return;
  }
  console.error(`cordon: ${error.publicMessage}`);
  if (typeof error.detail === 'string' && error.detail !== '') console.error(indent(error.detail));
}

interface PublicError extends Error {
  readonly publicMessage: string;
  readonly detail?: unknown;
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

import { parseArgs } from 'node:util';
import { CliError } from '../error.ts';

const formats = ['text', 'json', 'sarif'] as const;
export type Format = (typeof formats)[number];

export interface ProveCommandOptions {
  /** Empty: every store of this checkout. */
  readonly stores: readonly string[];
  /** A schema that is not Cordon's. */
  readonly foreign?: { readonly url: string; readonly scratch: string; readonly configFile: string };
  readonly format: Format;
  readonly outputFile?: string;
}

/** Reads the words behind `cordon rls prove`. Throws `arguments-invalid`. */
export function readProveOptions(args: readonly string[]): ProveCommandOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      scratch: { type: 'string' },
      config: { type: 'string' },
      store: { type: 'string', multiple: true },
      format: { type: 'string' },
      output: { type: 'string' },
    },
    strict: true,
    allowPositionals: true,
  });
  const refuse = (text: string): CliError => new CliError('arguments-invalid', text);
  if (positionals.length !== 1 || positionals[0] !== 'prove')
    throw refuse('Say what to do with row security: cordon rls prove.');
  const format = formats.find((each) => each === (values.format ?? 'text'));
  if (format === undefined) throw refuse(`--format is one of ${formats.join(', ')}.`);
  const rest = { format, ...(values.output !== undefined && { outputFile: values.output }) };
  const { url, scratch, config, store = [] } = values;
  if (url === undefined) {
    if (scratch !== undefined || config !== undefined)
      throw refuse(
        '--scratch and --config belong to --url: without it the stores of this checkout are proven.',
      );
    return { ...rest, stores: store };
  }
  if (store.length > 0)
    throw refuse('--store names a store of this checkout, and --url another database: give one of them.');
  if (scratch === undefined)
    throw refuse(
      'Give --scratch as well, the address of a database with the same schema and no rows: attacks write, and --url is only read.',
    );
  if (config === undefined)
    throw refuse(
      'Give --config as well, a file that names the login roles and how they enter a context: see docs/row-security.md.',
    );
  return { ...rest, stores: [], foreign: { url, scratch, configFile: config } };
}

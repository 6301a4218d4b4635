import { parseArgs } from 'node:util';
import { environments, type ControlCard, type Environment } from '@cordon/control-gate';
import { CliError } from '../error.ts';

export const formats = ['text', 'json', 'sarif', 'junit', 'html', 'oscal'] as const;
export type Format = (typeof formats)[number];

export interface GateOptions {
  readonly to: Environment | undefined;
  readonly only: readonly string[];
  readonly format: Format;
  readonly outputFile: string | undefined;
  readonly list: boolean;
  readonly explain: string | undefined;
  readonly configFile: string | undefined;
}

const refuse = (sentence: string): CliError => new CliError('arguments-invalid', sentence);

/** Reads the words behind `cordon gate` and `cordon check`. @throws CliError `arguments-invalid` */
export function readGateOptions(args: readonly string[], judged: boolean): GateOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      to: { type: 'string' },
      only: { type: 'string', multiple: true },
      format: { type: 'string', default: 'text' },
      output: { type: 'string' },
      list: { type: 'boolean' },
      explain: { type: 'string' },
      config: { type: 'string' },
    },
  });
  const to = environments.find((each) => each === values.to);
  if (values.to !== undefined && to === undefined) throw refuse(`--to is one of ${environments.join(', ')}.`);
  const silent = values.list === true || values.explain !== undefined;
  if (judged && to === undefined && !silent) throw refuse(`Say where to: --to ${environments.join('|')}.`);
  const format = formats.find((each) => each === values.format);
  if (format === undefined) throw refuse(`--format is one of ${formats.join(', ')}.`);
  return {
    to,
    only: (values.only ?? []).flatMap((each) => each.split(',')).map((each) => each.trim().toUpperCase()),
    format,
    outputFile: values.output,
    list: values.list ?? false,
    explain: values.explain?.toUpperCase(),
    configFile: values.config,
  };
}

/** The controls that were named; all where none was. An id that there is not is refused: a typing error is no pass. */
export function chooseControls<Card extends ControlCard>(
  controls: readonly Card[],
  only: readonly string[],
): Card[] {
  const unknown = only.filter((id) => !controls.some((control) => control.id === id));
  if (unknown.length > 0) throw refuse(`There is no control ${unknown.join(', ')}: see cordon gate --list.`);
  return controls.filter(({ id }) => only.length === 0 || only.includes(id));
}

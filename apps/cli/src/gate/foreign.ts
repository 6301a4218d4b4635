import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import type { ForeignAsked } from '../../../../compliance/generic.ts';
import { CliError } from '../error.ts';
import { queryStore } from './open-stores.ts';
import { runProgram } from './run-program.ts';

const foreignSchema = z.strictObject({
  system: z.string().min(1).max(80),
  /** Whether development or staging hold real patients' data; production always does. */
  patientData: z.boolean().default(false),
  urls: z
    .array(z.url({ protocol: /^https?$/ }))
    .max(20)
    .default([]),
  database: z
    .strictObject({
      /** The variable that holds `postgresql://user:password@host/database`: an address with a password is not for a file. */
      urlVariable: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
      tenantColumn: z.string().min(1).default('tenant_id'),
      loginRoles: z.array(z.string().min(1)).min(1),
    })
    .optional(),
  agreements: z
    .strictObject({ file: z.string().min(1), vendors: z.array(z.string().min(1)).min(1) })
    .optional(),
  /** A folder with a package-lock.json. */
  packages: z.string().min(1).optional(),
});

export interface Foreign {
  readonly system: string;
  readonly patientData: boolean;
  readonly asked: ForeignAsked;
}

/**
 * Reads the configuration of a project that is not Cordon; paths are from its own folder.
 * @throws CliError `arguments-invalid`, naming every fault
 */
export async function readForeign(file: string): Promise<Foreign> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CliError('arguments-invalid', `The file ${file} cannot be read: check --config.`, { cause });
  });
  const read = foreignSchema.safeParse(parseJson(file, text));
  if (!read.success)
    throw new CliError('arguments-invalid', `Correct ${file}: see docs/gate.md.`, {
      detail: z.prettifyError(read.error),
    });
  const { system, patientData, urls, database, agreements, packages } = read.data;
  const below = (path: string): string => (isAbsolute(path) ? path : join(dirname(resolve(file)), path));
  const folder = below(packages ?? '.');
  const url = database && readUrl(database.urlVariable);
  const ca = process.env['CORDON_DATABASE_CA_FILE'];
  const ssl = ca === undefined ? {} : { ssl: { ca: await readFile(ca, 'utf8') } };
  return {
    system,
    patientData,
    asked: {
      now: new Date(),
      urls,
      run: (program, args, signal) => runProgram(folder, program, args, signal),
      readText: (path) => readFile(join(folder, path), 'utf8'),
      query:
        url &&
        ((sql, values) =>
          queryStore({ connectionString: url.href, ...ssl, of: `${url.host}${url.pathname}` }, sql, values)),
      tenantColumn: database?.tenantColumn ?? 'tenant_id',
      loginRoles: database?.loginRoles ?? [],
      agreements: agreements && {
        file: agreements.file,
        text: await readFile(below(agreements.file), 'utf8'),
        vendors: agreements.vendors,
      },
      packages: packages !== undefined,
    },
  };
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new CliError('arguments-invalid', `${file} is no JSON: correct it.`, { cause });
  }
}

function readUrl(variable: string): URL {
  const value = process.env[variable] ?? '';
  if (URL.canParse(value) && /^postgres(ql)?:$/.test(new URL(value).protocol)) return new URL(value);
  throw new CliError(
    'arguments-invalid',
    `Set ${variable} to an address such as postgresql://user:password@host:5432/database.`,
  );
}

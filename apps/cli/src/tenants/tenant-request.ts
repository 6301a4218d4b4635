import { z } from 'zod';
import { CliError } from '../error.ts';

export interface TenantOptions {
  readonly name?: string | undefined;
  readonly clinic?: string | undefined;
  readonly region?: string | undefined;
  readonly 'admin-email'?: string | undefined;
  readonly 'admin-name'?: string | undefined;
  readonly 'admin-account'?: string | undefined;
}

/** Whoever is to administer: a person whom identity invites, or an account of another provider. */
export type Administrator =
  { readonly email: string; readonly displayName: string } | { readonly accountId: string };

export interface TenantRequest {
  readonly name: string;
  readonly clinic: string;
  readonly region?: string;
  readonly administrator: Administrator;
}

const code = z.string().regex(/^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/);
/** One line: no control characters, no separators of lines (Unicode 15, 23.1). */
const displayName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u);

/**
 * What the words ask for. No sentence repeats what was given.
 * @throws CliError `arguments-invalid`
 */
export function readTenantRequest(options: TenantOptions, usage: string): TenantRequest {
  const read = <Value>(schema: z.ZodType<Value>, value: string | undefined, sentence: string): Value => {
    if (value === undefined) throw new CliError('arguments-invalid', usage);
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw new CliError('arguments-invalid', sentence);
    return parsed.data;
  };
  const readCode = (option: 'name' | 'clinic'): string =>
    read(
      code,
      options[option],
      `--${option} takes a code of 2 to 40 small letters, digits and dashes between them, such as northgate-leeds.`,
    );
  const account = options['admin-account'];
  if (account !== undefined && (options['admin-email'] ?? options['admin-name']) !== undefined)
    throw new CliError(
      'arguments-invalid',
      '--admin-account stands instead of --admin-email and --admin-name.',
    );
  return {
    name: readCode('name'),
    clinic: readCode('clinic'),
    ...(options.region !== undefined && {
      region: read(
        z.string().regex(/^region\.[a-z]{2,20}$/),
        options.region,
        '--region takes a region such as region.uk.',
      ),
    }),
    administrator:
      account === undefined
        ? {
            email: read(
              z.email().max(254),
              options['admin-email']?.trim(),
              '--admin-email takes one e-mail address.',
            ),
            displayName: read(
              displayName,
              options['admin-name'],
              '--admin-name takes a name of 1 to 200 characters in one line.',
            ),
          }
        : {
            accountId: read(
              z.uuid(),
              account.toLowerCase(),
              '--admin-account takes the id of an account, a UUID.',
            ),
          },
  };
}

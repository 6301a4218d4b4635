import { readFile, writeFile } from 'node:fs/promises';
import {
  exitCodeOf,
  type Proof,
  prove,
  readProverConfig,
  renderJson,
  renderSarif,
  renderText,
} from '@cordon/row-security/prover';
import type { ClientConfig } from 'pg';
import type { Command } from '../command.ts';
import { CliError } from '../error.ts';
import { requireFolder } from '../require-folder.ts';
import { tellError } from '../tell-error.ts';
import { checkoutRoot, makeLayout } from '../up/layout.ts';
import { changeSealKeys } from './rls-keys.ts';
import { type ProveCommandOptions, readProveOptions } from './rls-options.ts';
import { proveOwnStores } from './rls-own-stores.ts';

const usage = `cordon rls prove [--store NAME]… [--format text|json|sarif] [--output FILE]
cordon rls prove --url URL --scratch URL --config FILE [--format …] [--output FILE]
cordon rls rotate-key --store NAME
cordon rls retire-keys --store NAME

Attacks row isolation: fills a scratch database with rows of two tenants, tries every command as every login role, and
looks for what tells of rows without showing them. Without --url, all five stores of this checkout, on a server that is
made for it; where Cordon runs, its catalogs are compared and checked as well, and only read.

  --store NAME    clinical, vault, audit, marketing or identity; may be repeated
  --url URL       another PostgreSQL (15 or newer): its catalog is compared and checked, nothing is written
  --scratch URL   a database with the same schema and no rows, as a superuser; it is filled and attacked
  --config FILE   login roles, contexts, declared tables, accepted channels: see docs/row-security.md
  --format        text (default), json, or sarif (2.1.0)
  --output FILE   write the report there

rotate-key makes a new key for the sealed contexts of one store and writes it where the engine reads it; the old one
verifies until retire-keys, which keeps the key of the file alone.

CORDON_DATABASE_CA_FILE names the authority that signed the servers' certificates.
Exit code: 0 clean, 1 a leak, 2 something could not be run.`;

const renderers = { text: renderText, json: renderJson, sarif: renderSarif } as const;

async function run(args: readonly string[]): Promise<number> {
  try {
    if (args[0] === 'rotate-key' || args[0] === 'retire-keys') {
      process.stdout.write(`${await changeSealKeys(makeLayout(checkoutRoot, 7400), args)}\n`);
      return 0;
    }
    const options = readProveOptions(args);
    await requireFolder(options.outputFile);
    const proofs = options.foreign
      ? [await proveForeign(options.foreign)]
      : await proveOwnStores(checkoutRoot, options.stores);
    const report = renderers[options.format](proofs);
    if (options.outputFile === undefined) process.stdout.write(report);
    else await writeFile(options.outputFile, report);
    return exitCodeOf(proofs);
  } catch (error) {
    // A proof that was not made is neither a pass nor a leak.
    tellError(error);
    return 2;
  }
}

async function proveForeign(foreign: NonNullable<ProveCommandOptions['foreign']>): Promise<Proof> {
  const text = await readFile(foreign.configFile, 'utf8').catch((error: unknown) => {
    throw new CliError(
      'arguments-invalid',
      `The file ${foreign.configFile} cannot be read: check --config.`,
      {
        cause: error,
      },
    );
  });
  const authorityFile = process.env['CORDON_DATABASE_CA_FILE'];
  const ca = authorityFile === undefined ? undefined : await readFile(authorityFile, 'utf8');
  const address = (option: string, url: string): ClientConfig => {
    if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol))
      throw new CliError(
        'arguments-invalid',
        `Correct ${option}: it must look like postgresql://user:password@host:5432/database.`,
      );
    const { hostname, port, username, password, pathname } = new URL(url);
    return {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 5432),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: decodeURIComponent(pathname.slice(1)),
      ...(ca !== undefined && { ssl: { ca } }),
    };
  };
  return prove({
    config: readProverConfig(text),
    live: address('--url', foreign.url),
    scratch: { administrator: address('--scratch', foreign.scratch) },
  });
}

export const command: Command = { run, usage };

import { describe, expect, it } from 'vitest';
import { commandTable } from './command-table.ts';
import { CliError } from './error.ts';

const uuid = '0a1b2c3d-0000-4000-8000-000000000001';

/** Reads and changes rows of the one tenant that is named. */
interface OfOneTenant {
  /** The same request with the tenant left out: it must be refused before a store is asked. */
  readonly unnamed: readonly (readonly string[])[];
}
/** Touches no tenant's rows, or is about the installation as a whole; never by leaving a word out. */
interface OfNoTenant {
  readonly reason: string;
}

/** Whose rows each line of each command's usage reaches. A command that is not here fails the suite. */
const reaches: Readonly<Record<string, OfOneTenant | OfNoTenant>> = {
  'access explain': { reason: 'reads config/ alone' },
  'ai explain': { reason: 'reads config/ and the file that is named; sends nothing' },
  'ai stop': { unnamed: [['stop'], ['stop', 'tenant'], ['stop', 'tenants']] },
  'ai start': { unnamed: [['start'], ['start', 'tenant'], ['start', 'tenants']] },
  'audit verify': {
    reason: 'one tree over all tenants, of hashes: a part of it proves nothing. Prints ids of entries alone',
  },
  'audit export': {
    unnamed: [
      ['export', 'log.ndjson'],
      ['export', 'log.ndjson', '--tenant', uuid, '--whole-log'],
      ['export', 'log.ndjson', '--tenant', 'all'],
    ],
  },
  'audit prove': { reason: 'the one entry that is named' },
  'audit check': { reason: 'reads the proof that is named, without a store' },
  'audit hold place': { unnamed: [['hold', 'place', '--since', '2026-01-31', '--reason', 'a claim']] },
  'audit hold lift': { unnamed: [['hold', 'lift', uuid, '--reason', 'settled']] },
  'audit hold list': { unnamed: [['hold', 'list']] },
  'certs make': { reason: "this machine's certificates" },
  'certs renew': { reason: "this machine's certificates" },
  'certs list': { reason: "this machine's certificates" },
  check: { reason: 'asks controls of the installation; reads catalogs and settings' },
  'demo code': { reason: 'the one person of the demo that is named' },
  'demo token': { reason: 'the one person of the demo that is named' },
  'demo list': { reason: "the demo's made-up people, from a file" },
  'encryption audit': { reason: 'reads catalogs and no row' },
  'encryption at-rest': { reason: 'asks the kernel about a folder' },
  gate: { reason: 'asks controls of the installation; reads catalogs and settings' },
  'keys rotate root': {
    reason: "wraps tenants' keys anew; the root key is the installation's. Opens no patient's key",
  },
  'keys rotate tenant': { unnamed: [['rotate', 'tenant']] },
  'keys rotate search': { unnamed: [['rotate', 'search']] },
  'keys rotate patient': {
    unnamed: [
      ['rotate', 'patient'],
      ['rotate', 'patient', uuid],
    ],
  },
  'keys destroy': { unnamed: [['destroy'], ['destroy', uuid]] },
  'keys proof': { unnamed: [['proof'], ['proof', uuid]] },
  'keys replay': { reason: 'a restored vault serves nobody until every tombstone is replayed; opens no key' },
  promote: { reason: 'reads a verdict' },
  'rls prove': { reason: 'attacks made-up rows on a server of its own; of live stores it reads catalogs' },
  'rls rotate-key': { reason: 'the seal key of the one store that is named; opens no row' },
  'rls retire-keys': { reason: 'the seal keys of the one store that is named; opens no row' },
  'secrets scan': { reason: 'reads the tree and its history' },
  'secrets check': { reason: 'reads files, logs and environments of the installation' },
  'stores set-up': { reason: 'makes and changes tables; reads and writes no row of a tenant' },
  'tenants add': {
    reason: 'makes the one tenant that is named; where there is one of that name, changes nothing',
  },
  up: { reason: 'starts processes' },
};

/** `cordon keys rotate tenant TENANT` as `keys rotate tenant`. */
function linesOf(usage: string): string[] {
  return usage
    .split('\n')
    .filter((line) => line.startsWith('cordon '))
    .map((line) => {
      const words = line.split(' ').slice(1);
      const end = words.findIndex((word) => !/^[a-z][a-z-]*$/.test(word));
      return words.slice(0, end === -1 ? undefined : end).join(' ');
    });
}

describe.each([...commandTable.keys()])('cordon %s', async (name) => {
  const { command } = (await commandTable.get(name)?.load()) ?? {};
  const lines = [...new Set(linesOf(command?.usage ?? ''))];

  it('says in its usage what it takes', () => {
    expect(lines.length).toBeGreaterThan(0);
  });

  it.each(lines)('says whose rows "cordon %s" reaches', (line) => {
    const reach = reaches[line];
    expect(
      reach,
      `Add "${line}" to the table of this file: a request without its tenant that must be refused, or why it reaches no tenant's rows.`,
    ).toBeDefined();
  });

  it.each(
    lines.flatMap((line) => {
      const reach = reaches[line];
      return reach && 'unnamed' in reach
        ? reach.unnamed.map((words) => [words.join(' '), words] as const)
        : [];
    }),
  )('refuses "%s", which names no one tenant', async (_words, words) => {
    const refusal: unknown = await command?.run(words).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(CliError);
    expect(refusal).toMatchObject({ code: 'arguments-invalid' });
  });
});

it('has no line for a command that there is not', async () => {
  const commands = await Promise.all([...commandTable.values()].map(({ load }) => load()));
  const known = new Set(commands.flatMap(({ command }) => linesOf(command.usage)));
  expect(Object.keys(reaches).filter((line) => !known.has(line))).toEqual([]);
});

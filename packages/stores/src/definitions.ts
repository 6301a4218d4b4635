import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf, StoresError } from './errors.ts';

/** One store as `database/<store>/store.json` describes it. */
export interface StoreDefinition {
  readonly store: string;
  /** The database's name on the embedded server; a server of your own may name it otherwise. */
  readonly database: string;
  /** Where its rows may lie, for example `region.uk`. */
  readonly region: string;
  /** Further regions whose data classes may be kept here. */
  readonly alsoServes: readonly string[];
  /** Whether its login roles must show a client certificate whose common name is the role. */
  readonly clientCertificates: boolean;
  /** The role that owns the tables; nobody signs in as it. */
  readonly owner: string;
  /** Further roles that own something and cannot sign in. */
  readonly ownerRoles: readonly string[];
  readonly logins: readonly string[];
  /** Each is installed into a schema of its own name. */
  readonly extensions: readonly string[];
  /** Whether the store gets the sealed row-security context. */
  readonly sealed: boolean;
  /** Whether background work is queued in the store. */
  readonly jobQueue: boolean;
  /** The folder that holds `store.json` and the migrations. */
  readonly folder: string;
}

const identifier = /^[a-z][a-z0-9_]{0,40}$/;
const regionId = /^[a-z][a-z0-9.-]{0,60}$/;
const texts = ['store', 'database', 'region', 'owner'] as const;
const lists = ['alsoServes', 'ownerRoles', 'logins', 'extensions'] as const;
const flags = ['clientCertificates', 'sealed', 'jobQueue'] as const;
const keys = new Set<string>([...texts, ...lists, ...flags]);

/**
 * Reads every `store.json` below `databaseFolder`, in the order of the store names.
 * Throws `definition-invalid` naming file, key and reason.
 */
export async function readStoreDefinitions(databaseFolder: string): Promise<StoreDefinition[]> {
  const entries = await readdir(databaseFolder, { withFileTypes: true });
  const definitions: StoreDefinition[] = [];
  for (const entry of entries.filter((each) => each.isDirectory())) {
    const folder = join(databaseFolder, entry.name);
    const file = join(folder, 'store.json');
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (errorCodeOf(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (text !== undefined) definitions.push(parseDefinition(text, file, folder));
  }
  definitions.sort((a, b) => (a.store < b.store ? -1 : 1));
  refuseSharedNames(definitions, databaseFolder);
  return definitions;
}

function parseDefinition(text: string, file: string, folder: string): StoreDefinition {
  const refuse = (reason: string, cause?: unknown): StoresError =>
    new StoresError('definition-invalid', `Correct ${file}: ${reason}.`, { cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse('it is not JSON', error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse('it is not an object');
  const record = new Map<string, unknown>(Object.entries(value));
  for (const key of record.keys()) if (!keys.has(key)) throw refuse(`"${key}" is not a known key`);

  const readText = (key: (typeof texts)[number]): string => {
    const found = record.get(key);
    if (typeof found !== 'string' || found === '') throw refuse(`"${key}" must be a text`);
    if (!(key === 'region' ? regionId : identifier).test(found))
      throw refuse(`"${key}" must be a lower-case identifier`);
    return found;
  };
  const readList = (key: (typeof lists)[number]): string[] => {
    const found = record.get(key) ?? [];
    if (!Array.isArray(found)) throw refuse(`"${key}" must be a list`);
    return found.map((item: unknown) => {
      if (typeof item === 'string' && (key === 'alsoServes' ? regionId : identifier).test(item)) return item;
      throw refuse(`"${key}" must list lower-case identifiers`);
    });
  };
  const readFlag = (key: (typeof flags)[number]): boolean => {
    const found = record.get(key) ?? false;
    if (typeof found !== 'boolean') throw refuse(`"${key}" must be true or false`);
    return found;
  };
  const definition = {
    store: readText('store'),
    database: readText('database'),
    region: readText('region'),
    alsoServes: readList('alsoServes'),
    clientCertificates: readFlag('clientCertificates'),
    owner: readText('owner'),
    ownerRoles: readList('ownerRoles'),
    logins: readList('logins'),
    extensions: readList('extensions'),
    sealed: readFlag('sealed'),
    jobQueue: readFlag('jobQueue'),
    folder,
  };
  if (definition.sealed && sealOwnerOf(definition) === undefined)
    throw refuse('a sealed store needs a role in "ownerRoles" whose name ends in "_seal"');
  return definition;
}

/** The role that alone may set the verified context: the owner role named `…_seal`. */
export function sealOwnerOf(definition: Pick<StoreDefinition, 'ownerRoles'>): string | undefined {
  return definition.ownerRoles.find((role) => role.endsWith('_seal'));
}

/** Roles are shared by a whole server: one name in two stores would be one account for both. */
function refuseSharedNames(definitions: readonly StoreDefinition[], databaseFolder: string): void {
  const seen = new Set<string>();
  for (const { store, database, owner, ownerRoles, logins } of definitions)
    for (const name of [`store ${store}`, `database ${database}`, ...[owner, ...ownerRoles, ...logins]]) {
      if (seen.has(name))
        throw new StoresError(
          'definition-invalid',
          `Correct ${databaseFolder}: "${name}" is named by two stores.`,
        );
      seen.add(name);
    }
}

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type StoreDefinition, sealOwnerOf } from '../definitions.ts';
import { errorCodeOf, StoresError } from '../errors.ts';

export interface Migration {
  /** The name it is recorded under: the file's, without `.sql`; of row security with `row-security/` before it. */
  readonly name: string;
  readonly file: string;
  readonly sql: string;
  /** SHA-256 of the file as it lies on disk, in hexadecimal. */
  readonly sha256: string;
  /** Run as the administrator instead of the store's owner. */
  readonly privileged: boolean;
}

const fileName = /^(\d{4})_[a-z0-9_-]+(\.privileged)?\.sql$/;
// Each file is one transaction of ours; PL/pgSQL's BEGIN has no semicolon behind it.
const ownTransaction = /^\s*(BEGIN|COMMIT|ROLLBACK|START TRANSACTION)\s*;/im;

/** SQL that packages bring and that several stores get, run as the administrator before a store's own. */
export interface SharedSqlFolders {
  /** For sealed stores; recorded as `row-security/…`. */
  readonly rowSecurity: string;
  /** For stores with pgcrypto; recorded as `field-encryption/…`. */
  readonly fieldEncryption: string;
}

/**
 * The migrations of one store in the order they run: the packages' first, with `:owner`, `:seal_owner` and
 * `:database` replaced by quoted names. Throws `migration-invalid` naming the file.
 */
export async function readMigrations(
  definition: StoreDefinition,
  shared: SharedSqlFolders,
  database: string,
): Promise<Migration[]> {
  const names: Record<string, string | undefined> = {
    seal_owner: sealOwnerOf(definition),
    owner: definition.owner,
    database,
  };
  const packages = [
    ...(definition.sealed ? await readShared(shared.rowSecurity, 'row-security') : []),
    ...(definition.extensions.includes('pgcrypto')
      ? await readShared(shared.fieldEncryption, 'field-encryption')
      : []),
  ];
  return [
    ...packages.map((migration) => ({
      ...migration,
      // Not behind a second colon: that is a cast.
      sql: migration.sql.replace(/(?<!:):(seal_owner|owner|database)\b/g, (_whole, key: string) => {
        const name = names[key];
        if (name === undefined) throw refuse(migration.file, `the ${definition.store} store has no :${key}`);
        return `"${name}"`;
      }),
    })),
    ...(await readFolder(definition.folder, '', false)),
  ];
}

async function readShared(folder: string, name: string): Promise<Migration[]> {
  const migrations = await readFolder(folder, `${name}/`, true);
  if (migrations.length > 0) return migrations;
  throw new StoresError('migration-missing', `There is no SQL in ${folder}: restore the package ${name}.`);
}

async function readFolder(folder: string, prefix: string, allPrivileged: boolean): Promise<Migration[]> {
  const files = await readdir(folder).catch((error: unknown) => {
    if (errorCodeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const migrations: Migration[] = [];
  const numbers = new Set<string>();
  for (const each of files.filter((name) => name.endsWith('.sql')).sort()) {
    const file = join(folder, each);
    const [, number, privileged] = fileName.exec(each) ?? [];
    if (number === undefined) throw refuse(file, 'its name must look like 0001_what_it_does.sql');
    if (numbers.has(number)) throw refuse(file, `another file has the number ${number}`);
    numbers.add(number);
    const sql = await readFile(file, 'utf8');
    if (ownTransaction.test(sql)) throw refuse(file, 'it must not begin or end a transaction of its own');
    migrations.push({
      name: prefix + each.replace(/\.sql$/, ''),
      file,
      sql,
      sha256: createHash('sha256').update(sql).digest('hex'),
      privileged: allPrivileged || privileged !== undefined,
    });
  }
  return migrations;
}

function refuse(file: string, reason: string): StoresError {
  return new StoresError('migration-invalid', `Correct the migration ${file}: ${reason}.`);
}

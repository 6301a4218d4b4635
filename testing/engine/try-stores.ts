import { readFileSync } from 'node:fs';
import pg from 'pg';

// Run by itself with one process's credentials: tries each database in turn, and says what it was answered.
const role = process.env['TRY_ROLE'] ?? '';
const databases = JSON.parse(process.env['TRY_DATABASES'] ?? '{}') as Record<string, string>;
const prefix = `CORDON_DB_${role.toUpperCase()}`;
const read = (name: string): string | undefined => {
  const file = process.env[name];
  return file === undefined ? undefined : readFileSync(file, 'utf8').trimEnd();
};
const url = new URL(process.env[`${prefix}_URL`] ?? '');
const cert = read(`${prefix}_CERT_FILE`);
const key = read(`${prefix}_KEY_FILE`);
const answers: Record<string, string> = {};
for (const [store, database] of Object.entries(databases)) {
  const client = new pg.Client({
    host: url.hostname,
    port: Number(url.port),
    user: role,
    database,
    password: read(`${prefix}_PASSWORD_FILE`),
    ssl: { ca: read('CORDON_DB_CA_FILE'), ...(cert !== undefined && key !== undefined && { cert, key }) },
  });
  answers[store] = await client.connect().then(
    () => 'connected',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'refused'),
  );
  await client.end().catch(() => undefined);
}
process.stdout.write(JSON.stringify(answers));

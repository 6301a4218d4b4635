import { nameOf, type Stand } from '../field.ts';

/** Settings under which values of requests reach the log, and what each must be. */
const quiet: Readonly<Record<string, { readonly good: readonly string[]; readonly why: string }>> = {
  log_statement: { good: ['none', 'ddl'], why: 'statements with their literals are logged' },
  log_min_duration_statement: { good: ['-1'], why: 'slow statements are logged' },
  log_min_duration_sample: { good: ['-1'], why: 'sampled statements are logged' },
  log_min_error_statement: {
    good: ['log', 'fatal', 'panic'],
    why: 'statements that fail are logged with their literals',
  },
  log_parameter_max_length_on_error: { good: ['0'], why: 'bind values of statements that fail are logged' },
};

/** The server's log: neither readable for the role, nor a place to which rows' values go. */
export async function probeServerLog(stand: Stand): Promise<void> {
  const { session, field } = stand;
  await session.inTransaction(async () => {
    for (const sql of [
      'SELECT pg_read_file(pg_current_logfile())',
      "SELECT pg_read_file('postgresql.conf')",
      'SELECT name FROM pg_ls_logdir()',
      "COPY (SELECT 1) TO PROGRAM 'true'",
    ]) {
      const answer = await session.attempt(sql);
      field.record.judge(
        {
          channel: 'server-log.readable',
          table: '*',
          as: nameOf(stand),
          loginRole: session.role,
          sql,
          evidence: "the role reads the server's files",
          fix: `REVOKE pg_read_server_files, pg_monitor, pg_execute_server_program FROM ${session.role}.`,
        },
        answer.ok,
      );
    }
    const names = Object.keys(quiet);
    const sql = `SELECT name, setting FROM pg_settings WHERE name IN (${names.map((name) => `'${name}'`).join(', ')})`;
    const answer = await session.attempt(sql);
    for (const [name, setting] of answer.ok ? answer.rows : [])
      field.record.judge(
        {
          channel: 'server-log.values',
          table: '*',
          as: nameOf(stand),
          loginRole: session.role,
          sql: `SHOW ${name ?? ''}`,
          evidence: `${name ?? ''} is ${setting ?? ''}: ${quiet[name ?? '']?.why ?? ''}`,
          fix: `Set ${name ?? ''} to ${quiet[name ?? '']?.good.at(-1) ?? ''}.`,
        },
        !(quiet[name ?? '']?.good ?? []).includes(setting ?? ''),
      );
  });
}

export interface ServerSettings {
  readonly port: number;
  /** False turns crash safety off, for throw-away test servers only. */
  readonly durable: boolean;
  readonly maxConnections: number;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly clientAuthorityFile: string;
  /** Libraries of the server that a test looks through, `pg_stat_statements` for one; an installation has none. */
  readonly preloaded?: readonly string[] | undefined;
}

/** The whole `postgresql.conf`: what is not named here keeps PostgreSQL's default. */
export function renderServerSettings(settings: ServerSettings): string {
  const lines: Record<string, string | number> = {
    // Loopback only, and no socket that a file permission would have to guard.
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: settings.port,
    max_connections: settings.maxConnections,
    superuser_reserved_connections: 5,

    ssl: 'on',
    ssl_min_protocol_version: 'TLSv1.3',
    ssl_cert_file: settings.certificateFile,
    ssl_key_file: settings.keyFile,
    ssl_ca_file: settings.clientAuthorityFile,
    password_encryption: 'scram-sha-256',

    // An error's own text can quote a value ("invalid input syntax …"): errors go to the client alone, and the
    // server's log keeps its own events. Bind values and statements never reach it.
    log_destination: 'stderr',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_statement: 'none',
    log_min_duration_statement: -1,
    log_duration: 'off',
    log_parameter_max_length: 0,
    log_parameter_max_length_on_error: 0,
    log_checkpoints: 'off',
    log_autovacuum_min_duration: -1,
    log_line_prefix: '%m [%p] %u@%d ',
    log_timezone: 'UTC',
    lc_messages: 'C',

    // States and waits stay visible to operators; statement texts are cut short.
    track_activities: 'on',
    track_activity_query_size: 100,

    timezone: 'UTC',
    default_text_search_config: 'pg_catalog.simple',
    allow_alter_system: 'off',
    jit: 'off',
    max_logical_replication_workers: 0,
    ...(settings.preloaded && { shared_preload_libraries: settings.preloaded.join(',') }),
    max_wal_size: '256MB',
    shared_buffers: '128MB',
    dynamic_shared_memory_type: 'posix',
    ...(settings.durable
      ? {}
      : {
          fsync: 'off',
          synchronous_commit: 'off',
          full_page_writes: 'off',
          wal_level: 'minimal',
          max_wal_senders: 0,
          // A vacuum worker in a template would hold up its cloning.
          autovacuum: 'off',
        }),
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name} = ${typeof value === 'number' ? value : quote(value)}\n`)
    .join('');
}

function quote(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

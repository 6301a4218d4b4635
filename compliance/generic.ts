import {
  checkControls,
  judgeFaults,
  readVendorAgreements,
  explainNotInForce,
  seen,
  unknown,
  type Answer,
  type Control,
} from '@cordon/control-gate';
import { ask } from './checks/ask.ts';
import { judgeHeaders } from './checks/http.ts';
import { dependenciesScanned } from './checks/supply-chain.ts';
import type { Asked } from './asked.ts';

/** What a project that is not Cordon lets itself be asked; what its configuration does not name is absent. */
export interface ForeignAsked extends Pick<Asked, 'now' | 'run' | 'readText'> {
  readonly urls: readonly string[];
  readonly query:
    | ((
        sql: string,
        values?: readonly unknown[],
      ) => Promise<{ of: string; rows: readonly Record<string, unknown>[] }>)
    | undefined;
  readonly tenantColumn: string;
  readonly loginRoles: readonly string[];
  readonly agreements:
    { readonly file: string; readonly text: string; readonly vendors: readonly string[] } | undefined;
  readonly packages: boolean;
}

type ForeignControl = Control<ForeignAsked>;
const missing = (what: string): Answer =>
  unknown(`The configuration names no ${what}, so nothing was asked.`, []);

const withUrls =
  (
    judgeOne: (headers: Readonly<Record<string, string>>, url: URL) => string[],
    holds: string,
  ): ForeignControl['check'] =>
  async ({ urls }, signal) => {
    if (urls.length === 0) return missing('urls');
    const answers = await Promise.all(
      urls.map(async (each) => {
        const url = new URL(each);
        const { headers, evidence } = await ask(url.origin, `${url.pathname}${url.search}`, signal);
        return { faults: judgeOne(headers, url).map((fault) => `${each}: ${fault}`), evidence };
      }),
    );
    return judgeFaults(answers.flatMap(({ faults }) => faults), holds, answers.map(({ evidence }) => evidence)); // prettier-ignore
  };

const withDatabase =
  (
    sql: string,
    valuesOf: (asked: ForeignAsked) => readonly unknown[],
    faultOf: (row: Readonly<Record<string, unknown>>) => string[],
    least: number,
  ): ForeignControl['check'] =>
  async (asked) => {
    if (asked.query === undefined) return missing('database');
    const { of, rows } = await asked.query(sql, valuesOf(asked));
    const evidence = [seen(sql.replace(/\s+/g, ' '), of, rows.length === 0 ? 'no row' : rows)];
    if (rows.length < least)
      return unknown('The catalog has nothing of the kind, so nothing was proven.', evidence);
    return judgeFaults(rows.flatMap(faultOf), `${rows.length} hold.`, evidence);
  };

const common = { owner: 'the owner of the system' } as const;
const web = { asvs: ['3.4.3', '3.4.4', '3.4.6'], hipaa: ['§164.312(e)(1)'], ukGdpr: ['32'] };
const access = { asvs: ['8.4.1', '13.2.2'], hipaa: ['§164.312(a)(1)'], ukGdpr: ['32'] };

/** Controls that any web application on any PostgreSQL can be asked. */
export const genericControls: readonly ForeignControl[] = [
  {
    ...common,
    id: 'GEN-1',
    title: 'Answers carry a strict browser policy',
    priority: 'P1',
    threat: 'A script of somebody else runs in the pages.',
    references: web,
    next: 'send the headers that are named; @cordon/web-guard does',
    check: withUrls((headers) => judgeHeaders(headers), 'Every address answers under a strict policy.'),
  },
  {
    ...common,
    id: 'GEN-2',
    title: 'Addresses speak TLS and ask browsers to stay with it',
    priority: 'P1',
    threat: 'Somebody on the way reads and changes what is sent.',
    references: { asvs: ['3.4.1', '12.2.1'], hipaa: ['§164.312(e)(1)'], ukGdpr: ['32(1)(a)'] },
    next: 'serve https with Strict-Transport-Security of a year or more',
    check: withUrls(
      (headers, { protocol }) => [
        ...(protocol === 'https:' ? [] : ['it is plain http']),
        ...(Number(/max-age=(\d+)/.exec(headers['strict-transport-security'] ?? '')?.[1] ?? 0) >= 31_536_000
          ? []
          : ['no Strict-Transport-Security of a year']),
      ],
      'Every address speaks TLS and says so.',
    ),
  },
  {
    ...common,
    id: 'GEN-3',
    title: 'Tables with a tenant have row security that binds their owner too',
    priority: 'P0',
    threat: 'A query without its WHERE reads every tenant.',
    references: access,
    next: 'ALTER TABLE … ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, and a policy; then npx cordon rls prove --url …',
    check: withDatabase(
      `SELECT c.oid::regclass::text AS table, c.relrowsecurity AND c.relforcerowsecurity AS sealed, EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) AS policy
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = $1 AND NOT a.attisdropped
       WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1`,
      ({ tenantColumn }) => [tenantColumn],
      (row) => [
        ...(row['sealed'] === true
          ? []
          : [`${String(row['table'])} has no row security that binds its owner too`]),
        ...(row['policy'] === true ? [] : [`${String(row['table'])} has no policy`]),
      ],
      1,
    ),
  },
  {
    ...common,
    id: 'GEN-4',
    title: 'Login roles hold no power of the server and own no table',
    priority: 'P0',
    threat: 'The application can switch off what protects its data.',
    references: access,
    next: 'ALTER ROLE … NOSUPERUSER NOBYPASSRLS; give tables an owner that nobody signs in as',
    check: withDatabase(
      `SELECT w.name AS role, r.oid IS NOT NULL AS there, coalesce(r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication, false) AS power,
         EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p')) AS owns
       FROM unnest($1::text[]) AS w(name) LEFT JOIN pg_roles r ON r.rolname = w.name ORDER BY 1`,
      ({ loginRoles }) => [loginRoles],
      (row) => [
        ...(row['there'] === true ? [] : [`there is no role ${String(row['role'])}`]),
        ...(row['power'] === true ? [`${String(row['role'])} holds a power of the server`] : []),
        ...(row['owns'] === true ? [`${String(row['role'])} owns tables`] : []),
      ],
      1,
    ),
  },
  {
    ...common,
    id: 'GEN-5',
    title: 'The server asks for TLS, keeps strong password hashes and logs no bind value',
    priority: 'P1',
    threat: 'Values stand in the server’s log, passwords can be guessed from their hashes.',
    references: { asvs: ['12.3.1', '16.2.5'], hipaa: ['§164.312(e)(1)'], ukGdpr: ['32'] },
    next: 'set ssl, password_encryption, log_parameter_max_length and log_parameter_max_length_on_error in postgresql.conf',
    check: withDatabase(
      `SELECT name, setting FROM pg_settings WHERE name IN ('ssl', 'password_encryption', 'log_parameter_max_length', 'log_parameter_max_length_on_error') ORDER BY name`,
      () => [],
      ({ name, setting }) => {
        const wanted = { ssl: 'on', password_encryption: 'scram-sha-256' }[String(name)] ?? '0';
        return setting === wanted ? [] : [`${String(name)} is ${String(setting)}`];
      },
      4,
    ),
  },
  {
    ...common,
    id: 'GEN-6',
    title: 'Vendors that may see patient data have signed',
    priority: 'P0',
    onlyWithPatientData: true,
    threat: 'A vendor holds patient data without any duty to protect it.',
    references: { asvs: ['13.1.1'], hipaa: ['§164.308(b)(1)', '§164.504(e)'], ukGdpr: ['28(3)'] },
    next: 'enter signature, days and document hash in the register',
    check: ({ agreements, now }) => {
      if (agreements === undefined) return Promise.resolve(missing('agreements'));
      const { file, text, vendors } = agreements;
      const rows = readVendorAgreements(file, text, new Set(vendors));
      const faults = rows.flatMap((row) => explainNotInForce(row, now) ?? []);
      for (const vendor of vendors)
        if (!rows.some((row) => row.vendor === vendor)) faults.push(`the register does not name ${vendor}`);
      return Promise.resolve(
        judgeFaults(faults, `${rows.length} agreements are in force.`, [
          seen('the table of agreements', file, `${rows.length} rows`),
        ]),
      );
    },
  },
  {
    ...common,
    id: 'GEN-7',
    title: 'Dependencies have no known weakness of weight',
    priority: 'P1',
    threat: 'A known weakness of a library is in production.',
    references: { asvs: ['15.1.1', '15.2.1'], hipaa: ['§164.308(a)(5)(ii)(B)'], ukGdpr: ['32(1)(d)'] },
    next: 'npm audit',
    check: (asked, signal) =>
      asked.packages ? dependenciesScanned(asked, signal) : Promise.resolve(missing('packages')),
  },
];

checkControls(genericControls);

export interface Column {
  readonly name: string;
  /** As SQL writes it: `cordon.ciphertext`, `character varying(40)`. */
  readonly type: string;
  /** The type below a domain; the type itself otherwise. */
  readonly baseType: string;
  /** Schema-qualified name of the domain, if it is one. */
  readonly domain: string | null;
  readonly domainChecks: readonly string[];
  readonly enumLabels: readonly string[] | null;
  readonly category: string;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  readonly defaultText: string | null;
  /** '' none, 'a' always, 'd' by default. */
  readonly identity: string;
  readonly generated: boolean;
  readonly comment: string | null;
}

export interface Key {
  readonly name: string;
  /** Primary, unique (constraint or index) or exclusion. */
  readonly kind: 'p' | 'u' | 'x';
  readonly columns: readonly string[];
  /** True when the index is over expressions, so that its columns are not all there is. */
  readonly expressions: boolean;
}

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly target: string;
  readonly targetColumns: readonly string[];
}

export interface Check {
  readonly name: string;
  readonly columns: readonly string[];
  readonly expression: string;
}

export interface Policy {
  readonly name: string;
  /** r, a, w, d or * (pg_policy.polcmd). */
  readonly command: string;
  readonly permissive: boolean;
  /** `public` stands for everybody. */
  readonly roles: readonly string[];
  readonly using: string | null;
  readonly check: string | null;
  /** Columns of its own table that the policy depends on, by pg_depend. */
  readonly columns: readonly string[];
}

export interface Table {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  /** `schema.name`, unquoted: the name that configs and reports use. */
  readonly id: string;
  /** The same, quoted for SQL. */
  readonly sql: string;
  /** r table, p partitioned, f foreign. */
  readonly kind: string;
  readonly owner: string;
  readonly rowSecurity: boolean;
  readonly forced: boolean;
  /** The table that this one is a partition or child of. */
  readonly parent: string | null;
  /** Conditions under which a row belongs to one of its leaves. */
  readonly partitionChecks: readonly string[];
  readonly columns: readonly Column[];
  readonly keys: readonly Key[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly Check[];
  readonly policies: readonly Policy[];
}

export interface View {
  readonly id: string;
  readonly sql: string;
  readonly materialized: boolean;
  readonly securityInvoker: boolean;
  readonly securityBarrier: boolean;
  readonly owner: string;
  /** Tables that it reads, by pg_depend. */
  readonly reads: readonly string[];
}

export interface Routine {
  readonly id: string;
  readonly sql: string;
  /** `schema.name(argument types)`. */
  readonly signature: string;
  readonly kind: string;
  readonly argumentTypes: readonly string[];
  readonly definer: boolean;
  readonly volatility: string;
  readonly language: string;
  readonly owner: string;
  readonly source: string;
  readonly settings: readonly string[];
  /** A body of parsed statements (BEGIN ATOMIC or RETURN), whose names were resolved when it was made. */
  readonly parsedBody: boolean;
  readonly returnsTrigger: boolean;
}

export interface Sequence {
  readonly id: string;
  readonly sql: string;
  readonly ownedBy: string | null;
}

export interface Catalog {
  readonly serverVersion: number;
  readonly database: string;
  readonly tables: readonly Table[];
  readonly views: readonly View[];
  readonly routines: readonly Routine[];
  readonly sequences: readonly Sequence[];
}

import type { SealKey } from '../sealed-context.ts';

/** Whose rows a caller may meet: everybody's, its tenant's, its clinic's, its own record's, none. */
export type Reach = 'everything' | 'tenant' | 'clinic' | 'patient' | 'nothing';

/** The columns that say whose a row is. Only the first must exist anywhere. */
export interface LevelColumns {
  readonly tenant: string;
  readonly clinic?: string;
  readonly patient?: string;
}

/**
 * How a session comes to act for somebody. `setting` calls set_config for each pair; a value may hold the words
 * $tenant, $clinic, $patient, $subject and $role. `sealed` calls cordon.enter. `none`: roles and grants are all there is.
 */
export type DriverConfig =
  | { readonly kind: 'setting'; readonly settings: Readonly<Record<string, string>> }
  | { readonly kind: 'sealed'; readonly key: SealKey }
  | { readonly kind: 'none' };

/** One kind of caller, attacked as each of its login roles. */
export interface CallerConfig {
  readonly name: string;
  readonly loginRoles: readonly string[];
  /** The application's own name for the role, `role.clinician`. */
  readonly role?: string;
  readonly reach: Reach;
  /** Which of clinic and patient its membership names. */
  readonly membership?: 'tenant' | 'clinic' | 'patient';
  readonly readable?: readonly string[];
  readonly writable?: readonly string[];
}

/** The row that makes a caller a member. Values may hold the words of `DriverConfig`; a word without a value is NULL. */
export interface MembershipConfig {
  readonly table: string;
  readonly values: Readonly<Record<string, string>>;
  /** SQL that ends it: `ended_at = now()`. */
  readonly revoke: string;
}

/** A wider or narrower reach of some tables than the caller's, with the reason. It holds for reading, with `writes` for all. */
export interface ReachException {
  readonly tables: readonly string[];
  readonly loginRoles: readonly string[];
  readonly callers?: readonly string[];
  readonly reach: Reach;
  readonly writes?: boolean;
  readonly reason: string;
}

/** A channel that stays open knowingly. It is counted apart, and is a leak again after `expires` (YYYY-MM-DD). */
export interface Acceptance {
  readonly channel: string;
  /** `clinical.patients`, or `*`; absent: every table. */
  readonly table?: string;
  readonly loginRole?: string;
  readonly reason: string;
  readonly expires: string;
}

export interface Declared {
  readonly name: string;
  readonly reason: string;
}

export interface ProverConfig {
  readonly name: string;
  readonly columns: LevelColumns;
  /** Roles to attack as. */
  readonly loginRoles: readonly string[];
  readonly driver: DriverConfig;
  readonly callers: readonly CallerConfig[];
  readonly membership?: MembershipConfig;
  /** Tables without the tenant column: who may use them, and why they have none. */
  readonly withoutTenant: readonly (Declared & { readonly loginRoles: readonly string[] })[];
  readonly reaches: readonly ReachException[];
  readonly accepted: readonly Acceptance[];
  /** SECURITY DEFINER functions that may exist: `schema.name`. */
  readonly definerFunctions: readonly Declared[];
  /** Policies that need not look at the tenant column: `schema.table: policy`. */
  readonly openPolicies: readonly Declared[];
  /** Keys that span tenants: `schema.table: constraint`. */
  readonly sharedKeys: readonly Declared[];
  /** SQL expressions for a domain or type (`cordon.ciphertext`) or a column (`schema.table.column`); $marker stands for a text literal. */
  readonly generators: Readonly<Record<string, string>>;
  /** Rows of the first tenant's second patient hidden from all callers but those named. `column` is left NULL for that row. */
  readonly restriction?: {
    readonly table: string;
    readonly column: string;
    readonly visibleTo: readonly string[];
  };
  /** What the pool runs when a connection goes back: `DISCARD ALL`. */
  readonly resetOnRelease?: string;
  /** The form of every column's comment, as source of a RegExp, and the tables it does not bind. */
  readonly columnComment?: { readonly pattern: string; readonly except: readonly string[] };
  /** What this repository's people do about a gate that fails; $table stands for the table. */
  readonly advice?: Readonly<Record<string, string>>;
  /** Schemas to leave out, besides those of PostgreSQL and of extensions. */
  readonly ignoreSchemas: readonly string[];
}

import type { Build, Control, Environment } from '@cordon/control-gate';
import type { EncryptionAudit } from '@cordon/field-encryption';
import type { Proof } from '@cordon/row-security/prover';
import type { StoreDefinition } from '@cordon/stores';
import type { ClientConfig } from 'pg';

/** What came of a program that was run. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a running installation listens. */
export interface Running {
  readonly console: string;
  readonly portal: string;
  readonly engine: string;
  readonly identity: string;
  /** The public site. */
  readonly web: string;
}

/** A person of the demo who may sign in for a check. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
}

/** What a run of tests said of the files that were named. */
export interface TestRun {
  readonly passed: number;
  readonly failed: number;
  /** Files in which no test ran. */
  readonly silent: readonly string[];
}

/**
 * Everything that a check may ask. The command line answers from the checkout, its installation and a throw-away copy of the stores; the
 * tests answer from a system of which something was broken.
 */
export interface Asked {
  readonly to: Environment;
  readonly now: Date;
  /** A file of the checkout. @throws where there is none */
  readonly readText: (path: string) => Promise<string>;
  /** Names below a folder of the checkout, sorted; none where it is not there. */
  readonly listFiles: (folder: string) => Promise<string[]>;
  /** Runs a program in the checkout, without a shell. */
  readonly run: (program: string, args: readonly string[], signal: AbortSignal) => Promise<Ran>;
  /** The scrubber that stands before intake. */
  readonly scrub: (text: string) => { readonly value: string; readonly findings: readonly unknown[] };
  readonly stores: () => Promise<readonly StoreDefinition[]>;
  /** Statements of an administrator, read-only, to the store that runs here, else to its throw-away copy. */
  readonly query: (
    store: string,
    sql: string,
    values?: readonly unknown[],
  ) => Promise<{ readonly of: string; readonly rows: readonly Record<string, unknown>[] }>;
  /** How a login role reaches a database, as its process would. */
  readonly login: (store: string, role: string) => Promise<ClientConfig & { readonly of: string }>;
  readonly prove: (store: string) => Promise<Proof>;
  readonly auditEncryption: (
    store: string,
  ) => Promise<{ readonly of: string; readonly audit: EncryptionAudit }>;
  /** Sentences about secrets in the tree, files, logs and environments of this checkout. */
  readonly findSecrets: () => Promise<{
    readonly of: string;
    readonly scanned: number;
    readonly findings: readonly string[];
  }>;
  /** What `cordon audit verify` says of the log that runs here; undefined where none does. */
  readonly verifyAudit: () => Promise<
    { readonly of: string; readonly entries: number; readonly findings: readonly string[] } | undefined
  >;
  /** Undefined where nothing runs. */
  readonly running: () => Promise<Running | undefined>;
  /** Signs the first person of a role in, or another; once a run, since a code works once. Undefined where there is no demo. */
  readonly signIn: (role: string, which?: number) => Promise<Tokens | undefined>;
  /** What the provider asks for after a demo account's right password; undefined where there is no demo. */
  readonly passwordStep: (role: string) => Promise<string | undefined>;
  /** The folder of an installation's data, whose volume is looked at; undefined where nothing runs here. */
  readonly dataFolder: () => Promise<string | undefined>;
  /** What is built of this checkout, by digest. */
  readonly builds: () => Promise<readonly Build[]>;
  /** Runs tests of the repository, together with those that other checks ask for at the same time. */
  readonly test: (
    project: 'unit' | 'integration',
    paths: readonly string[],
    signal: AbortSignal,
  ) => Promise<TestRun>;
  /** Where the root key that wraps all others is kept. */
  readonly rootKey: () => Promise<{
    readonly kind: 'file' | 'aws-kms' | 'vault' | 'none';
    readonly of: string;
  }>;
  /** Secret files of the installation; none where there is none. */
  readonly secretFiles: () => Promise<readonly { readonly path: string; readonly mode: number }[]>;
  /** The processes of the installation, with the names of the variables in their environments. */
  readonly processes: () => Promise<
    readonly { readonly name: string; readonly variables: readonly string[] }[]
  >;
}

export type CordonControl = Control<Asked>;

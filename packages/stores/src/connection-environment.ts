import type { CertificateFiles } from './certificates/keep.ts';

/** What a process needs to sign in to one store as one role. Secrets are named by their files. */
export interface LoginAddress {
  readonly role: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly passwordFile: string;
  /** Absent on a loopback server without TLS. */
  readonly authorityFile?: string;
  readonly certificate?: Pick<CertificateFiles, 'certificateFile' | 'keyFile'>;
}

/**
 * The environment variables of one login: `CORDON_DB_<ROLE>_URL` (no password inside), `…_PASSWORD_FILE`,
 * `…_CERT_FILE` and `…_KEY_FILE` where the store demands a certificate, and `CORDON_DB_CA_FILE`.
 */
export function renderConnectionEnvironment(login: LoginAddress): Record<string, string> {
  const prefix = `CORDON_DB_${login.role.toUpperCase()}`;
  return {
    [`${prefix}_URL`]: `postgresql://${login.role}@${login.host}:${login.port}/${encodeURIComponent(login.database)}?sslmode=verify-full`,
    [`${prefix}_PASSWORD_FILE`]: login.passwordFile,
    ...(login.authorityFile === undefined ? {} : { CORDON_DB_CA_FILE: login.authorityFile }),
    ...(login.certificate === undefined
      ? {}
      : {
          [`${prefix}_CERT_FILE`]: login.certificate.certificateFile,
          [`${prefix}_KEY_FILE`]: login.certificate.keyFile,
        }),
  };
}

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { errorCodeOf } from '../errors.ts';
import { writeSecret } from '../secrets.ts';
import { type CertificateRequest, type Credential, issueAuthority, issueCertificate } from './authority.ts';

/** Where a certificate lies; each file has mode 0600. */
export interface CertificateFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly authorityFile: string;
}

/** An authority and the folder that it and its leaves lie in. */
export interface KeptAuthority extends Credential {
  readonly folder: string;
  readonly authorityFile: string;
}

const authorityDays = 3650;
const certificateDays = 365;
/** A start within this many days of the end renews: a demo is restarted more often than that. */
const renewalDays = 60;

/** Reads the authority in `folder`, or makes it; renewed near its end, and its leaves after it. */
export async function keepAuthority(folder: string, commonName: string): Promise<KeptAuthority> {
  const authorityFile = join(folder, 'ca.crt');
  const kept = await readCredential(authorityFile, join(folder, 'ca.key'));
  if (kept && isUsable(kept)) return { ...kept, folder, authorityFile };
  const made = await issueAuthority(commonName, authorityDays);
  await writeSecret(join(folder, 'ca.key'), made.key);
  await writeSecret(authorityFile, made.certificate);
  return { ...made, folder, authorityFile };
}

/** Reads the certificate `name` of `authority`, or makes it; renewed near its end or when it no longer fits. */
export async function keepCertificate(
  authority: KeptAuthority,
  name: string,
  request: Omit<CertificateRequest, 'days'>,
): Promise<CertificateFiles & Credential> {
  const files = {
    certificateFile: join(authority.folder, `${name}.crt`),
    keyFile: join(authority.folder, `${name}.key`),
    authorityFile: authority.authorityFile,
  };
  const kept = await readCredential(files.certificateFile, files.keyFile);
  if (kept && fits(kept, authority, request)) return { ...files, ...kept };
  const made = await issueCertificate(authority, { ...request, days: certificateDays });
  await writeSecret(files.keyFile, made.key);
  await writeSecret(files.certificateFile, made.certificate);
  return { ...files, ...made };
}

async function readCredential(certificateFile: string, keyFile: string): Promise<Credential | undefined> {
  try {
    const [certificate, key] = await Promise.all([
      readFile(certificateFile, 'utf8'),
      readFile(keyFile, 'utf8'),
    ]);
    return { certificate, key };
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Not near its end, and the key beside it is its own: a start killed between the two writes leaves a stranger's. */
function isUsable(credential: Credential): boolean {
  const certificate = new X509Certificate(credential.certificate);
  return (
    Date.parse(certificate.validTo) - Date.now() > renewalDays * 86_400_000 &&
    certificate.checkPrivateKey(createPrivateKey(credential.key))
  );
}

function fits(
  credential: Credential,
  authority: Credential,
  request: Omit<CertificateRequest, 'days'>,
): boolean {
  const certificate = new X509Certificate(credential.certificate);
  const issuer = new X509Certificate(authority.certificate);
  return (
    isUsable(credential) &&
    certificate.checkIssued(issuer) &&
    certificate.verify(issuer.publicKey) &&
    certificate.subject === `CN=${request.commonName}` &&
    (request.hosts ?? []).every(
      (host) => (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined,
    )
  );
}

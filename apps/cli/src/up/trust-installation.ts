import { readFile } from 'node:fs/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { webAuthorityFileOf } from './app-certificates.ts';

/**
 * Lets this process take the certificates of the installation's private authority too, beside those that it takes anyway.
 * @param secrets the installation's folder of secrets
 */
export async function trustInstallation(secrets: string): Promise<void> {
  const authority = await readFile(webAuthorityFileOf(secrets), 'utf8');
  setDefaultCACertificates([...getCACertificates('default'), authority]);
}

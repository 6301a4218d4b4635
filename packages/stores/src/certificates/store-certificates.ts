import type { StoreDefinition } from '../definitions.ts';
import type { Credential } from './authority.ts';
import { type CertificateFiles, keepCertificate, type KeptAuthority } from './keep.ts';

/** A client certificate for each login role of the stores that demand one; its common name is the role. */
export async function keepStoreCertificates(
  authority: KeptAuthority,
  definitions: readonly StoreDefinition[],
): Promise<Map<string, CertificateFiles & Credential>> {
  const certificates = new Map<string, CertificateFiles & Credential>();
  for (const { logins } of definitions.filter((definition) => definition.clientCertificates))
    for (const role of logins)
      certificates.set(role, await keepCertificate(authority, role, { commonName: role, use: 'client' }));
  return certificates;
}

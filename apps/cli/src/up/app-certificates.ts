import { join } from 'node:path';
import { type CertificateFiles, keepAuthority, keepCertificate } from '@cordon/stores/certificates';

export interface AppCertificates {
  /** The engine's mutual-TLS listener. */
  readonly engineInternal: CertificateFiles;
  /** Identity's client certificate at that listener; its common name is `identity`. */
  readonly identityClient: CertificateFiles;
  /** The gate's client certificate there, with which it hands in its reports; its common name is `gate`. */
  readonly gateClient: CertificateFiles;
  /** What the public listeners serve with `--tls`. */
  readonly web?: CertificateFiles;
}

const localHosts = ['localhost', '127.0.0.1'];

/**
 * An authority for each purpose: a certificate made for one wire is worth nothing on another, even where a listener
 * forgets to look at the name.
 */
export async function keepAppCertificates(secretsFolder: string, tls: boolean): Promise<AppCertificates> {
  const internal = await keepAuthority(join(secretsFolder, 'tls', 'internal'), 'Cordon internal authority');
  return {
    engineInternal: await keepCertificate(internal, 'engine', {
      commonName: 'engine',
      use: 'server',
      hosts: localHosts,
    }),
    identityClient: await keepCertificate(internal, 'identity', { commonName: 'identity', use: 'client' }),
    gateClient: await keepCertificate(internal, 'gate', { commonName: 'gate', use: 'client' }),
    ...(tls && { web: await keepWebCertificate(secretsFolder) }),
  };
}

/** What a browser must trust to open the pages of an installation that was started with `--tls`. */
export function webAuthorityFileOf(secretsFolder: string): string {
  return join(secretsFolder, 'tls', 'web', 'ca.crt');
}

async function keepWebCertificate(secretsFolder: string): Promise<CertificateFiles> {
  const web = await keepAuthority(join(secretsFolder, 'tls', 'web'), 'Cordon local web authority');
  return keepCertificate(web, 'web', { commonName: 'localhost', use: 'server', hosts: localHosts });
}

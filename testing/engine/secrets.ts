import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueAuthority, issueCertificate, type Credential } from '../../packages/stores/certificates.ts';

export interface TestSecrets {
  readonly folder: string;
  readonly environment: Record<string, string>;
  /** The private CA, to make certificates that the internal listener accepts. */
  readonly authority: Credential;
  remove(): Promise<void>;
}

/** An engine's secret files in a folder of their own. */
export async function writeTestSecrets(keys: {
  root: Buffer;
  clinical: Buffer;
  vault: Buffer;
  audit: Buffer;
  marketing: Buffer;
}): Promise<TestSecrets> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-engine-'));
  const authority = await issueAuthority('Cordon test', 2);
  const server = await issueCertificate(authority, {
    commonName: 'engine',
    use: 'server',
    hosts: ['localhost', '127.0.0.1'],
    days: 2,
  });
  const write = async (name: string, content: string | Buffer): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  const environment: Record<string, string> = {
    CORDON_ROOT_KEY_FILE: await write('root.key', keys.root),
    CORDON_SEAL_KEY_CLINICAL_FILE: await write('seal-clinical.key', keys.clinical),
    CORDON_SEAL_KEY_VAULT_FILE: await write('seal-vault.key', keys.vault),
    CORDON_SEAL_KEY_AUDIT_FILE: await write('seal-audit.key', keys.audit),
    CORDON_SEAL_KEY_MARKETING_FILE: await write('seal-marketing.key', keys.marketing),
    CORDON_INTERNAL_CERT_FILE: await write('internal.crt', server.certificate),
    CORDON_INTERNAL_KEY_FILE: await write('internal.key', server.key),
    CORDON_INTERNAL_CA_FILE: await write('ca.crt', authority.certificate),
  };
  return { folder, environment, authority, remove: () => rm(folder, { recursive: true, force: true }) };
}

import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Installation {
  readonly secrets: string;
  readonly logs: string;
  /** Processes whose environments are looked at. */
  readonly pids: readonly number[];
}

/** Shorter contents are no secrets, and would be found by chance. */
const shortest = 16;

interface Secret {
  readonly file: string;
  readonly forms: readonly Buffer[];
}

/**
 * Looks at what an installation keeps: secret files that others may read, and secrets of these files that stand in logs or
 * in the environments of running processes, as they are, in hexadecimal or in base64. Answers sentences, never a secret.
 */
export async function checkInstallation(installation: Installation): Promise<string[]> {
  const found: string[] = [];
  const secrets: Secret[] = [];
  for (const file of await filesBelow(installation.secrets)) {
    const { mode } = await lstat(file);
    if ((mode & 0o077) !== 0) found.push(`${file} can be read by others: chmod 600`);
    // Certificates and public keys are no secrets.
    if (/\.(crt|json)$|verifier\.key$/.test(file)) continue;
    const content = await readFile(file);
    const text = Buffer.from(content.toString('utf8').trim(), 'utf8');
    const forms = [
      content,
      text,
      Buffer.from(content.toString('hex')),
      Buffer.from(content.toString('base64')),
      Buffer.from(content.toString('base64url')),
    ];
    secrets.push({ file, forms: forms.filter((form) => form.length >= shortest) });
  }
  const holds = (place: Buffer): string[] =>
    secrets.filter(({ forms }) => forms.some((form) => place.includes(form))).map(({ file }) => file);
  for (const log of await filesBelow(installation.logs))
    for (const file of holds(await readFile(log)))
      found.push(`${log} holds the secret of ${file}: remove the log and renew the secret`);
  for (const pid of installation.pids) {
    const environment = await readFile(`/proc/${pid}/environ`).catch(() => Buffer.alloc(0));
    for (const file of holds(environment))
      found.push(`the environment of process ${pid} holds the secret of ${file}`);
  }
  return found;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

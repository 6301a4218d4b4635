import { X509Certificate } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readStoreDefinitions } from '@cordon/stores';
import { keepAuthority, keepCertificate, keepStoreCertificates } from '@cordon/stores/certificates';
import type { Command } from '../command.ts';
import { CliError } from '../error.ts';
import { keepAppCertificates } from '../up/app-certificates.ts';
import { checkoutRoot, makeLayout, type Layout } from '../up/layout.ts';

const usage = `cordon certs make [--host NAME]...
cordon certs renew [--authority] [--host NAME]...
cordon certs list

The private authorities of a single-machine installation, one for each wire (database, internal, web), and what they signed.
Production brings certificates of its own.

  make   makes what is missing or near its end, as each start does
  renew  makes every certificate anew; with --authority the authorities too, which browsers must then trust again
  list   every certificate, for whom and until when

  --host NAME  a further name or address of this machine in the web certificate

Processes read certificates when they start: restart Cordon afterwards.`;

async function run(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { authority: { type: 'boolean' }, host: { type: 'string', multiple: true } },
  });
  const [verb, ...rest] = positionals;
  if (
    !['make', 'renew', 'list'].includes(verb ?? '') ||
    rest.length > 0 ||
    (values.authority && verb !== 'renew')
  )
    throw new CliError('arguments-invalid', usage);
  requireHosts(values.host ?? []);
  const layout = makeLayout(checkoutRoot, 0);
  if (verb === 'renew') await removeCertificates(layout, values.authority ?? false);
  if (verb !== 'list') await makeCertificates(layout, values.host ?? []);
  for (const line of await listCertificates(layout)) console.log(line);
  return 0;
}

/**
 * Asked before anything is removed: a name that no browser can ask for leaves a certificate that none takes.
 * @throws CliError `arguments-invalid`
 */
export function requireHosts(hosts: readonly string[]): void {
  for (const host of hosts) {
    const address = `https://${host}`;
    if (isIP(host) === 0 && (!URL.canParse(address) || new URL(address).hostname !== host.toLowerCase()))
      throw new CliError(
        'arguments-invalid',
        `"${host}" is no name and no address of a machine: give --host one, without port or path.`,
      );
  }
}

const folderOf = ({ secrets }: Layout): string => join(secrets, 'tls');

/** Makes every certificate that a start would make, the web's too. */
export async function makeCertificates(layout: Layout, hosts: readonly string[]): Promise<void> {
  const database = await keepAuthority(join(folderOf(layout), 'database'), 'Cordon database authority');
  await keepStoreCertificates(database, await readStoreDefinitions(layout.database));
  await keepAppCertificates(layout.secrets, true);
  if (hosts.length === 0) return;
  const web = await keepAuthority(join(folderOf(layout), 'web'), 'Cordon local web authority');
  await keepCertificate(web, 'web', {
    commonName: 'localhost',
    use: 'server',
    hosts: ['localhost', '127.0.0.1', ...hosts],
  });
}

/** A certificate without its file is made anew. */
export async function removeCertificates(layout: Layout, authorities: boolean): Promise<void> {
  for (const file of await certificateFiles(layout))
    if (authorities || !file.endsWith('/ca.crt')) await rm(file);
}

export async function listCertificates(layout: Layout): Promise<string[]> {
  const lines: string[] = [];
  for (const file of await certificateFiles(layout)) {
    const certificate = new X509Certificate(await readFile(file));
    const days = Math.floor((Date.parse(certificate.validTo) - Date.now()) / 86_400_000);
    const names = certificate.subjectAltName === undefined ? '' : `, ${certificate.subjectAltName}`;
    lines.push(
      `${file.slice(folderOf(layout).length + 1)}: ${certificate.subject}${names}, ${days} days left`,
    );
  }
  return lines;
}

async function certificateFiles(layout: Layout): Promise<string[]> {
  const entries = await readdir(folderOf(layout), { recursive: true }).catch(() => []);
  return entries
    .filter((name) => name.endsWith('.crt'))
    .sort()
    .map((name) => join(folderOf(layout), name));
}

export const command: Command = { run, usage };

import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** `proven` names what was found. Nothing is taken on anybody's word: what cannot be seen from here is unknown. */
export type AtRest = { readonly state: 'proven'; readonly by: string } | { readonly state: 'unknown' };

const deepest = 8;

/**
 * Whether the volume under a path is encrypted by dm-crypt (LUKS), below any LVM or RAID, as the kernel tells in sysfs.
 * @param system the root of sysfs
 */
export async function proveAtRest(path: string, system = '/sys'): Promise<AtRest> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return { state: 'unknown' };
  // The kernel's own coding of device numbers (makedev(3)).
  const device = BigInt(found.dev);
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn);
  const minor = (device & 0xffn) | ((device >> 12n) & ~0xffn);
  return proveDevice(join(system, 'dev', 'block', `${major}:${minor}`), deepest);
}

/** A device is encrypted when it is a crypt target, or when every device that it is made of is. */
export async function proveDevice(device: string, depth: number): Promise<AtRest> {
  const uuid = (await readFile(join(device, 'dm', 'uuid'), 'utf8').catch(() => '')).trim();
  if (uuid.startsWith('CRYPT-')) return { state: 'proven', by: uuid.split('-').slice(0, 2).join('-') };
  const parts = await readdir(join(device, 'slaves')).catch(() => []);
  if (parts.length === 0 || depth === 0) return { state: 'unknown' };
  let proof: AtRest = { state: 'unknown' };
  for (const part of parts) {
    proof = await proveDevice(join(device, 'slaves', part), depth - 1);
    if (proof.state === 'unknown') return proof;
  }
  return proof;
}

/**
 * The same for a server's data folder. That the folder is the server's own is proven as well: its control file begins with the
 * identifier that the server gives of itself (pg_control_system). A tablespace or a log kept elsewhere is on nobody's word.
 * @param identifier what the server answered
 */
export async function proveServerAtRest(
  folder: string,
  identifier: string,
  system = '/sys',
): Promise<AtRest> {
  if ((await readIdentifier(join(folder, 'global', 'pg_control'))) !== identifier)
    return { state: 'unknown' };
  const elsewhere = await readdir(join(folder, 'pg_tblspc')).catch(() => ['unreadable']);
  if (elsewhere.length > 0) return { state: 'unknown' };
  const log = await proveAtRest(join(folder, 'pg_wal'), system);
  return log.state === 'unknown' ? log : proveAtRest(folder, system);
}

/** PostgreSQL, catalog/pg_control.h: the first member, in the machine's own byte order. */
async function readIdentifier(file: string): Promise<string | undefined> {
  const control = await open(file).catch(() => undefined);
  if (control === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await control.read(Buffer.alloc(8), 0, 8, 0);
    return bytesRead === 8 ? buffer.readBigUInt64LE().toString() : undefined;
  } finally {
    await control.close();
  }
}

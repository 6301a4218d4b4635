import { readdir, readFile, stat } from 'node:fs/promises';
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

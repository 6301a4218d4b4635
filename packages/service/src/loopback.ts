import { lookup } from 'node:dns/promises';

/** Whether an address, or the one name that every resolver is bound to answer with one, is of this machine: 127.0.0.0/8, ::1, `localhost`. */
function isLoopbackAddress(name: string): boolean {
  return (
    name === 'localhost' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name) ||
    name === '[::1]' ||
    name === '::1'
  );
}

const withoutDot = (hostname: string): string => hostname.toLowerCase().replace(/\.$/, '');

/** Whether a host name, without port, is meant for this machine: those above, and names below `localhost` (RFC 6761 §6.3). */
export function isLoopbackHost(hostname: string): boolean {
  const name = withoutDot(hostname);
  return isLoopbackAddress(name) || name.endsWith('.localhost');
}

/** The same, and every address that the name stands for here is one: a resolver need not keep names below `localhost` to this machine. */
export async function resolvesToLoopback(hostname: string): Promise<boolean> {
  if (!isLoopbackHost(hostname)) return false;
  const found = await lookup(hostname, { all: true });
  return found.every(({ address }) => isLoopbackAddress(address));
}

/**
 * Whether what is sent to an address stays on this machine or travels over TLS; true for what is no http address. A name below
 * `localhost` is sent wherever the resolver says.
 */
export function isSecureAddress(address: string): boolean {
  if (!URL.canParse(address)) return true;
  const { protocol, hostname } = new URL(address);
  return protocol !== 'http:' || isLoopbackAddress(withoutDot(hostname));
}

/**
 * Whether a host name, without port, can only mean this machine: `localhost` and names below it (RFC 6761 §6.3),
 * 127.0.0.0/8 and ::1.
 */
export function isLoopbackHost(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name) ||
    name === '[::1]' ||
    name === '::1'
  );
}

/** Whether what is sent to an address stays on this machine or travels over TLS; true for what is no http address. */
export function isSecureAddress(address: string): boolean {
  if (!URL.canParse(address)) return true;
  const { protocol, hostname } = new URL(address);
  return protocol !== 'http:' || isLoopbackHost(hostname);
}

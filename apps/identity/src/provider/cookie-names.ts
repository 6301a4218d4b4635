/**
 * Cookies ignore ports, so two deployments on one machine would overwrite each other's: names carry the port. Over
 * TLS the prefixes make browsers refuse cookies that another host or plain http tried to plant (RFC 6265bis, 4.1.3).
 */
export function cookieName(issuer: string, name: string, path: 'root' | 'deeper'): string {
  const { protocol, port } = new URL(issuer);
  const plain = `cordon_identity${port === '' ? '' : `_${port}`}_${name}`;
  if (protocol !== 'https:') return plain;
  return path === 'root' ? `__Host-${plain}` : `__Secure-${plain}`;
}

export function cookieNames(issuer: string) {
  return {
    session: cookieName(issuer, 'session', 'root'),
    interaction: cookieName(issuer, 'interaction', 'deeper'),
    resume: cookieName(issuer, 'resume', 'deeper'),
  };
}

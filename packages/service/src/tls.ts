import { constants } from 'node:crypto';
import tls from 'node:tls';
import { ServiceError } from './error.ts';

/**
 * TLS of every listener: 1.2 or newer, and suites with forward secrecy and AEAD alone (RFC 9325, 4.2). 1.3 has no others.
 */
export const serverTls = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
  ].join(':'),
  honorCipherOrder: true,
  // Nobody needs to negotiate anew within a connection (RFC 9325, 3.5), and each time costs this side more than the other.
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION,
} as const;

/**
 * The same for every connection that this process opens (databases, providers, mail, object stores), whichever library does:
 * they ask Node for its defaults.
 * @throws ServiceError `settings-invalid` where Node was told to take any certificate: its own switch for that reaches every library.
 */
export function limitOutgoingTls(): void {
  if (process.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0')
    throw new ServiceError(
      'settings-invalid',
      'The settings are not complete. NODE_TLS_REJECT_UNAUTHORIZED: must not be 0, certificates are always checked. Name a private authority instead.',
    );
  tls.DEFAULT_MIN_VERSION = serverTls.minVersion;
  tls.DEFAULT_CIPHERS = serverTls.ciphers;
}

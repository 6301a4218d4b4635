import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * Whose address an audit entry names: what a session server that is trusted (`CORDON_TRUSTED_PROXIES`) says of its browser, else
 * the other end of the connection. Without the zone of a link-local address, and never anything but an address: one malformed value
 * would fail the batch of entries that it is written with.
 */
export function readClientAddress(request: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  const plain = (address: string): string => address.split('%', 1)[0] ?? '';
  const named = plain(request.ip);
  return isIP(named) === 0 ? plain(request.socket.remoteAddress ?? '') : named;
}

import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import { EngineError } from '../error.ts';

/**
 * The internal listener demands a certificate of the private authority; a route demands the one of its caller, by common name.
 * @throws EngineError `internal-caller-unknown`
 */
export const requireCertificate =
  (commonName: string) =>
  (request: FastifyRequest): Promise<void> => {
    const { socket } = request.raw;
    const name =
      socket instanceof TLSSocket && socket.authorized ? socket.getPeerCertificate().subject.CN : undefined;
    if (name !== commonName) throw new EngineError('internal-caller-unknown');
    return Promise.resolve();
  };

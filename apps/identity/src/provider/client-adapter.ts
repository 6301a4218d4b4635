import type { Adapter } from 'oidc-provider';
import type { ServiceClients } from '../administration/service-clients.ts';
import { toClientMetadata } from './clients.ts';

/** Clients beyond the deployment's file: the integrations that administrators registered. The library only looks them up. */
export function createClientAdapter(services: ServiceClients): Adapter {
  const refuse = () => Promise.reject(new Error('clients are registered by administrators alone'));
  const nothing = () => Promise.resolve(undefined);
  return {
    async find(clientId) {
      const client = await services.find(clientId);
      return client && { ...toClientMetadata(client) };
    },
    findByUid: nothing,
    findByUserCode: nothing,
    upsert: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  };
}

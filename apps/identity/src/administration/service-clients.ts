import type { Pool } from 'pg';
import { IdentityError } from '../error.ts';
import { clientIdForm, type ServiceClient } from '../settings.ts';

/** Integrations that administrators registered, beside those of the clients file. */
export interface ServiceClients {
  /** One that has not ended. */
  find(clientId: string): Promise<ServiceClient | undefined>;
  /** Whether the account is an integration's: nobody signs in with it. */
  isService(accountId: string): Promise<boolean>;
  /** @throws IdentityError `identity-client-exists` */
  add(client: ServiceClient, registeredBy: string): Promise<void>;
  /** Once; false where there is none in that tenant. */
  end(clientId: string, tenantId: string): Promise<boolean>;
}

interface Row {
  clientId: string;
  accountId: string;
  tenantId: string;
  role: ServiceClient['service']['role'];
  scopes: string[];
  publicKey: ServiceClient['jwks']['keys'][number];
}

const columns = `client_id AS "clientId", account_id AS "accountId", tenant_id AS "tenantId", role, scopes,
  public_key AS "publicKey"`;

const toClient = (row: Row): ServiceClient => ({
  client_id: row.clientId,
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [row.publicKey] },
  service: { account_id: row.accountId, tenant_id: row.tenantId, role: row.role, scopes: row.scopes },
});

export function createServiceClients(pool: Pool): ServiceClients {
  return {
    async find(clientId) {
      // Anybody may send anything as a client id: what cannot be one is not asked for.
      if (!clientIdForm.test(clientId)) return undefined;
      const { rows } = await pool.query<Row>(
        `SELECT ${columns} FROM identity.service_clients WHERE client_id = $1 AND ended_at IS NULL`,
        [clientId],
      );
      return rows[0] && toClient(rows[0]);
    },
    async isService(accountId) {
      const { rowCount } = await pool.query('SELECT FROM identity.service_clients WHERE account_id = $1', [
        accountId,
      ]);
      return rowCount === 1;
    },
    async add({ client_id: clientId, jwks, service }, registeredBy) {
      const { rowCount } = await pool.query(
        `INSERT INTO identity.service_clients (client_id, account_id, tenant_id, role, scopes, public_key, registered_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
        [
          clientId,
          service.account_id,
          service.tenant_id,
          service.role,
          service.scopes,
          jwks.keys[0],
          registeredBy,
        ],
      );
      if (rowCount === 0) throw new IdentityError('identity-client-exists');
    },
    async end(clientId, tenantId) {
      const { rowCount } = await pool.query(
        `UPDATE identity.service_clients SET ended_at = now()
         WHERE client_id = $1 AND tenant_id = $2 AND ended_at IS NULL`,
        [clientId, tenantId],
      );
      return rowCount === 1;
    },
  };
}

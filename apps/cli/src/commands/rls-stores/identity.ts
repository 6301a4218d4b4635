import type { ProverConfig } from '@cordon/row-security/prover';
import { ownTables } from './parts.ts';

export function identity(): Partial<ProverConfig> {
  const sessions = (schema: string): { name: string; loginRoles: string[]; reason: string } => ({
    name: `${schema}.browser_sessions`,
    loginRoles: [schema],
    reason: 'encrypted browser sessions, each app reaches its own alone',
  });
  return {
    withoutTenant: [
      ownTables[0],
      {
        name: 'identity.*',
        loginRoles: ['identity_app'],
        reason: 'people and their sign-ins, who have no tenant; the engine owns memberships',
      },
      sessions('console_sessions'),
      sessions('portal_sessions'),
    ],
  };
}

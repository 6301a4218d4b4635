import { clinicScopes, type SignInGrant } from '../engine/sign-in-grants.ts';
import { limitScopes } from './finish.ts';
import type { OpenInteraction } from './interaction.ts';
import type { Step } from './steps.ts';

/** What the person is asked: who wants to act for them, where, and what it could do there. */
export function describeConsent(interaction: OpenInteraction, chosen: SignInGrant): Step {
  const scopes = new Set(limitScopes(interaction.requestedScope, chosen) ?? clinicScopes(chosen));
  const { tenantId, tenantName, role } = chosen;
  return {
    step: 'consent',
    tenantId,
    tenantName,
    role,
    host: new URL(interaction.redirectUri).host,
    seesName: interaction.requestedScope.split(' ').includes('profile'),
    clinics: chosen.clinics
      .map(({ id, name }) => ({
        name,
        reads: scopes.has(`clinic/${id}.read`),
        writes: scopes.has(`clinic/${id}.write`),
      }))
      .filter(({ reads, writes }) => reads || writes)
      .map(({ name, writes }) => ({ name, writes })),
  };
}

import { expect, it } from 'vitest';
import { refuseProviderKeys } from './provider-keys.ts';

it.each([
  'CORDON_AI_KEYS_DIR',
  'CORDON_AI_CA_FILE',
  'OPENAI_API_KEY',
  'AZURE_OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'HF_TOKEN',
])('a process that is given %s is told to be without it, and its value is not repeated', (name) => {
  const refusal = expect.objectContaining({
    code: 'settings-invalid',
    publicMessage: expect.stringContaining(name) as string,
  }) as Error;
  const refuse = (): void => {
    refuseProviderKeys({ PATH: '/bin', [name]: 'sk-canary' });
  };
  expect(refuse).toThrow(refusal);
  expect(refuse).not.toThrow(/sk-canary/);
});

it('other settings are no way to a model', () => {
  const harmless = { PATH: '/bin', CORDON_ENGINE_URL: 'x', CORDON_APP: 'web', API_KEY: 'x', OPENAI: 'x' };
  expect(() => {
    refuseProviderKeys(harmless);
  }).not.toThrow();
});

import { expect, it } from 'vitest';
import { renderConnectionEnvironment } from './connection-environment.ts';

const login = {
  role: 'engine_vault',
  host: 'localhost',
  port: 7405,
  database: 'cordon_vault',
  passwordFile: '/s/p',
};

it('names every secret by its file and puts none into the URL', () => {
  expect(
    renderConnectionEnvironment({
      ...login,
      authorityFile: '/s/ca.crt',
      certificate: { certificateFile: '/s/c.crt', keyFile: '/s/c.key' },
    }),
  ).toEqual({
    CORDON_DB_ENGINE_VAULT_URL: 'postgresql://engine_vault@localhost:7405/cordon_vault?sslmode=verify-full',
    CORDON_DB_ENGINE_VAULT_PASSWORD_FILE: '/s/p',
    CORDON_DB_ENGINE_VAULT_CERT_FILE: '/s/c.crt',
    CORDON_DB_ENGINE_VAULT_KEY_FILE: '/s/c.key',
    CORDON_DB_CA_FILE: '/s/ca.crt',
  });
});

it('leaves out what the store does not ask for', () => {
  expect(Object.keys(renderConnectionEnvironment(login))).toEqual([
    'CORDON_DB_ENGINE_VAULT_URL',
    'CORDON_DB_ENGINE_VAULT_PASSWORD_FILE',
  ]);
});

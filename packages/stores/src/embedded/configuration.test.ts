import { describe, expect, it } from 'vitest';
import type { StoreDefinition } from '../definitions.ts';
import { administratorRole, cloneName, renderHostRules } from './host-rules.ts';
import { renderServerSettings } from './server-settings.ts';

const settings = {
  port: 7405,
  durable: true,
  maxConnections: 100,
  certificateFile: "/tmp/o'brien/server.crt",
  keyFile: '/tmp/server.key',
  clientAuthorityFile: '/tmp/clients.crt',
};

const store = (name: string, clientCertificates: boolean): StoreDefinition => ({
  store: name,
  database: `cordon_${name}`,
  region: 'region.uk',
  alsoServes: [],
  clientCertificates,
  owner: `${name}_owner`,
  ownerRoles: [],
  logins: [`${name}_app`],
  extensions: [],
  sealed: false,
  jobQueue: false,
  folder: '',
});

describe('the server settings', () => {
  it('listen on loopback alone, with TLS 1.3 and no socket', () => {
    const text = renderServerSettings(settings);
    expect(text).toContain("listen_addresses = '127.0.0.1'\n");
    expect(text).toContain("unix_socket_directories = ''\n");
    expect(text).toContain("ssl = 'on'\n");
    expect(text).toContain("ssl_min_protocol_version = 'TLSv1.3'\n");
  });

  it('keep statements, values and error texts out of the log', () => {
    const text = renderServerSettings(settings);
    for (const line of [
      "log_min_messages = 'log'",
      "log_min_error_statement = 'panic'",
      "log_statement = 'none'",
      'log_min_duration_statement = -1',
      'log_parameter_max_length = 0',
      'log_parameter_max_length_on_error = 0',
    ])
      expect(text).toContain(`${line}\n`);
  });

  it('quote a path with an apostrophe', () => {
    expect(renderServerSettings(settings)).toContain("ssl_cert_file = '/tmp/o''brien/server.crt'\n");
  });

  it('give up crash safety for throw-away servers alone', () => {
    expect(renderServerSettings(settings)).not.toContain('fsync');
    expect(renderServerSettings({ ...settings, durable: false })).toContain("fsync = 'off'\n");
  });
});

describe('the host rules', () => {
  const rules = renderHostRules([store('clinical', true), store('identity', false)], false).split('\n');

  it('name the administrator first, then each login role with its own database, and refuse the rest', () => {
    expect(rules).toEqual([
      `hostssl all ${administratorRole} 127.0.0.1/32 scram-sha-256`,
      'hostssl cordon_clinical clinical_app 127.0.0.1/32 scram-sha-256 clientcert=verify-full',
      'hostssl cordon_identity identity_app 127.0.0.1/32 scram-sha-256',
      'host all all all reject',
      'host replication all all reject',
      '',
    ]);
  });

  it('let roles into clones, and not into the templates, where that is asked for', () => {
    const [, rule = ''] = renderHostRules([store('clinical', true)], true).split('\n');
    expect(rule.split(' ')[1]).toBe('/^cordon_clinical_t[0-9a-f]+$');
    expect(cloneName('cordon_clinical', '0a1b')).toBe('cordon_clinical_t0a1b');
  });
});

import { createSecretKey } from 'node:crypto';
import type { ProverConfig } from './config.ts';
import { ProverError } from './error.ts';

const roots = [
  'name',
  'columns',
  'loginRoles',
  'driver',
  'callers',
  'membership',
  'withoutTenant',
  'reaches',
  'accepted',
  'definerFunctions',
  'openPolicies',
  'sharedKeys',
  'generators',
  'restriction',
  'resetOnRelease',
  'columnComment',
  'advice',
  'ignoreSchemas',
  '$schema',
];
const reaches = new Set(['everything', 'tenant', 'clinic', 'patient', 'nothing']);
const day = /^\d{4}-\d{2}-\d{2}$/;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a prover configuration from JSON text. A `sealed` driver names its key as `{ "keyId", "keyHex" }`.
 * Throws `prover-config-invalid` naming the place and what it must be.
 */
export function readProverConfig(text: string): ProverConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse('the file', 'must be JSON', error);
  }
  const root = fieldsOf(value, 'the file');
  for (const key of Object.keys(root)) if (!roots.includes(key)) throw refuse(key, 'is not a known key');
  const columns = fieldsOf(root['columns'], 'columns');
  for (const [name, column] of Object.entries(columns)) {
    if (!['tenant', 'clinic', 'patient'].includes(name))
      throw refuse(`columns.${name}`, 'is not a known level');
    textOf(column, `columns.${name}`);
  }
  textOf(columns['tenant'], 'columns.tenant');
  const callers = listOf(root['callers'], 'callers', (each, place) => {
    const caller = fieldsOf(each, place);
    textOf(caller['name'], `${place}.name`);
    textsOf(caller['loginRoles'], `${place}.loginRoles`);
    reachOf(caller['reach'], `${place}.reach`);
  });
  const named = (key: string): unknown[] =>
    listOf(root[key], key, (each, place) => {
      const declared = fieldsOf(each, place);
      textOf(declared['name'], `${place}.name`);
      textOf(declared['reason'], `${place}.reason`);
      if (key === 'withoutTenant') textsOf(declared['loginRoles'], `${place}.loginRoles`);
    });
  const config = {
    ...root,
    name: textOf(root['name'], 'name'),
    columns,
    loginRoles: textsOf(root['loginRoles'], 'loginRoles'),
    driver: readDriver(fieldsOf(root['driver'], 'driver')),
    callers,
    withoutTenant: named('withoutTenant'),
    definerFunctions: named('definerFunctions'),
    openPolicies: named('openPolicies'),
    sharedKeys: named('sharedKeys'),
    reaches: listOf(root['reaches'], 'reaches', (each, place) => {
      const exception = fieldsOf(each, place);
      textsOf(exception['tables'], `${place}.tables`);
      textsOf(exception['loginRoles'], `${place}.loginRoles`);
      reachOf(exception['reach'], `${place}.reach`);
      textOf(exception['reason'], `${place}.reason`);
    }),
    accepted: listOf(root['accepted'], 'accepted', (each, place) => {
      const acceptance = fieldsOf(each, place);
      textOf(acceptance['channel'], `${place}.channel`);
      textOf(acceptance['reason'], `${place}.reason`);
      if (!day.test(textOf(acceptance['expires'], `${place}.expires`)))
        throw refuse(`${place}.expires`, 'must be a day such as 2027-06-30');
    }),
    generators: root['generators'] === undefined ? {} : fieldsOf(root['generators'], 'generators'),
    ignoreSchemas: root['ignoreSchemas'] === undefined ? [] : textsOf(root['ignoreSchemas'], 'ignoreSchemas'),
  };
  // Each part that decides what is attacked was looked at above; the rest are texts for people and for SQL.
  return config as unknown as ProverConfig;
}

function readDriver(driver: Fields): ProverConfig['driver'] {
  switch (driver['kind']) {
    case 'none':
      return { kind: 'none' };
    case 'setting': {
      const settings = fieldsOf(driver['settings'], 'driver.settings');
      for (const [name, template] of Object.entries(settings)) textOf(template, `driver.settings.${name}`);
      return { kind: 'setting', settings: settings as Record<string, string> };
    }
    case 'sealed': {
      const keyId = textOf(driver['keyId'], 'driver.keyId');
      const hex = textOf(driver['keyHex'], 'driver.keyHex');
      if (!/^[0-9a-f]{64}$/i.test(hex)) throw refuse('driver.keyHex', 'must be 32 bytes in hexadecimal');
      return { kind: 'sealed', key: { keyId, key: createSecretKey(Buffer.from(hex, 'hex')) } };
    }
    default:
      throw refuse('driver.kind', 'must be "setting", "sealed" or "none"');
  }
}

function refuse(place: string, reason: string, cause?: unknown): ProverError {
  return new ProverError('prover-config-invalid', `Correct the prover's configuration: ${place} ${reason}.`, {
    cause,
  });
}

function fieldsOf(value: unknown, place: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refuse(place, 'must be an object');
  return value as Fields;
}

function textOf(value: unknown, place: string): string {
  if (typeof value !== 'string' || value === '') throw refuse(place, 'must be a text');
  return value;
}

function textsOf(value: unknown, place: string): string[] {
  if (!Array.isArray(value)) throw refuse(place, 'must be a list of texts');
  return value.map((each: unknown, at) => textOf(each, `${place}[${at}]`));
}

function listOf(value: unknown, place: string, check: (each: unknown, place: string) => void): unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw refuse(place, 'must be a list');
  for (const [at, each] of value.entries()) check(each, `${place}[${at}]`);
  return value;
}

function reachOf(value: unknown, place: string): void {
  if (typeof value !== 'string' || !reaches.has(value))
    throw refuse(place, `must be one of ${[...reaches].join(', ')}`);
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readAtRestSettings } from '@cordon/service';
import { keepAnswer, proveRdsAtRest, tellAtRest } from '@cordon/stores/at-rest';
import { awsCredentials, awsRegion } from '../packages/field-encryption/testing/key-servers.ts';
import { serveRds, type RdsServer } from './rds-server.ts';

const hostOf = (name: string, cluster = '') =>
  `${name}.${cluster}c9akciq32rgh.${awsRegion}.rds.amazonaws.com`;
const sound = hostOf('clinical');
const aurora = hostOf('vault', 'cluster-');
const clear = hostOf('audit');
let server: RdsServer;
let folder: string;
let environment: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-rds-'));
  server = await serveRds({
    clinical: { kind: 'DBInstance', address: sound, encrypted: true },
    vault: { kind: 'DBCluster', address: aurora, encrypted: true },
    audit: { kind: 'DBInstance', address: clear, encrypted: false },
    moved: { kind: 'DBInstance', address: hostOf('other'), encrypted: true },
  });
  environment = {
    CORDON_RDS_REGION: awsRegion,
    CORDON_RDS_ENDPOINT: server.address,
    CORDON_RDS_CREDENTIALS_FILE: join(folder, 'aws.json'),
    CORDON_RDS_CA_FILE: join(folder, 'ca.pem'),
  };
  await writeFile(join(folder, 'aws.json'), JSON.stringify(awsCredentials), { mode: 0o600 });
  await writeFile(join(folder, 'ca.pem'), server.ca);
});
afterEach(() => {
  server.say(undefined);
  server.answerWith(undefined);
  server.asked.length = 0;
  server.faults.length = 0;
});
afterAll(async () => {
  await server.shut();
  await rm(folder, { recursive: true });
});

const options = () => {
  const { rds } = readAtRestSettings(environment);
  if (rds === undefined) throw new Error('the settings name no region');
  return rds;
};
const prove = (host: string, change = {}) => proveRdsAtRest({ ...options(), ...change }, host);
const proven = { state: 'proven', by: 'AWS RDS' };
const unknown = (reason: RegExp | string) => ({
  state: 'unknown',
  reason: expect.stringMatching(reason) as string,
});

describe('a managed database', () => {
  it.each([
    ['an instance', sound, 'DescribeDBInstances clinical'],
    ['a cluster', aurora, 'DescribeDBClusters vault'],
    ["a cluster's reading address", hostOf('vault', 'cluster-ro-'), 'DescribeDBClusters vault'],
  ])(
    'is proven where AWS says so of %s at the very address, asked with a signature',
    async (_, host, asked) => {
      expect(await prove(host)).toEqual(proven);
      expect(server.asked).toEqual([asked]);
      expect(server.faults).toEqual([]);
    },
  );

  it.each([
    ['AWS says that it is not encrypted', clear, /not encrypted/],
    ['AWS tells of another address under its name', hostOf('moved'), /another address/],
    ['another account has a database of its name', sound.replace('c9ak', 'zzzz'), /another address/],
    ['AWS does not know it', hostOf('gone'), /404/],
    ['it is in another region', sound.replace(awsRegion, 'us-east-1'), /another region/],
    ['its address only looks like one of AWS', `${sound}.clinic.example`, /none of AWS/],
    ['it is no address of AWS', 'db.clinic.example', /none of AWS/],
  ])('is unknown where %s', async (_, host, reason) => {
    expect(await prove(host)).toEqual(unknown(reason));
  });

  it.each([400, 403, 429, 500, 503])('is unknown where AWS answers %i', async (status) => {
    server.answerWith(status);
    expect(await prove(sound)).toEqual(unknown(String(status)));
  });

  const one = `<DBInstance><Endpoint><Address>${sound}</Address></Endpoint><StorageEncrypted>true</StorageEncrypted></DBInstance>`;
  const whole = (inner: string) =>
    `<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances>${inner}</DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>`;
  it.each([
    ['nothing', ''],
    ['no XML', '{"StorageEncrypted":true}'],
    ['half of an answer', whole(one).slice(0, -20)],
    ['another answer', one],
    ['two databases', whole(one + one)],
    ['two databases, of one nothing', whole(`${one}<DBInstance></DBInstance>`)],
    ['two words about encryption', whole(one.replace('</DBInstance>', '<StorageEncrypted>true</StorageEncrypted></DBInstance>'))],
    ['no word about encryption', whole(one.replace(/<StorageEncrypted>.*(?=<\/DBInstance>)/, ''))],
    ['an entity of its own', `<!DOCTYPE a [<!ENTITY t "true">]>${whole(one.replace('true', '&t;'))}`],
    ['more than is read', whole(one + ' '.repeat(70_000))],
  ])('is unknown where AWS says %s', async (_, body) => {
    server.say(body);
    expect(await prove(sound)).toEqual(unknown(/could not be asked or understood/));
  }); // prettier-ignore

  it('would be proven by the answer that these are cut from', async () => {
    server.say(whole(one));
    expect(await prove(sound)).toEqual(proven);
  });

  it('is unknown where nobody answers, in time, with a trusted certificate, or the credentials are not to be read', async () => {
    const silent = createServer((socket) => {
      socket.on('error', () => undefined).resume();
    });
    await new Promise<void>((resolve) => silent.listen(0, 'localhost', resolve));
    const { port } = silent.address() as { port: number };
    const reason = unknown(/could not be asked or understood/);
    expect(await prove(sound, { endpoint: `https://localhost:${port}`, timeoutMs: 50 })).toEqual(reason);
    await new Promise((resolve) => silent.close(resolve));
    expect(await prove(sound, { endpoint: `https://localhost:${port}` })).toEqual(reason);
    expect(await prove(sound, { ca: undefined })).toEqual(reason);
    expect(await prove(sound, { credentialsFile: join(folder, 'none.json') })).toEqual(reason);
    expect(server.asked).toEqual([]);
  });
});

describe('what the readiness page tells', () => {
  const at = (hosts: Readonly<Record<string, string>>) =>
    ['clinical', 'vault', 'audit', 'marketing', 'identity'].map((store) => ({
      store,
      url: `postgresql://${hosts[store] ?? sound}:5432/cordon_${store}?sslmode=verify-full`,
    }));
  const own = { url: 'postgresql://localhost/x', identify: () => Promise.resolve('1') };
  const tell = (hosts: Readonly<Record<string, string>>, settings = environment) =>
    tellAtRest(at(hosts), readAtRestSettings(settings), own);

  it('is proven when every store is, and asks once for a server', async () => {
    expect(await tell({ vault: aurora })).toBe('proven: AWS RDS');
    expect(server.asked.toSorted()).toEqual(['DescribeDBClusters vault', 'DescribeDBInstances clinical']);
  });

  it('is unknown as soon as one store is, and names that store and no address', async () => {
    expect(await tell({ audit: clear })).toBe('unknown: audit: AWS RDS says that it is not encrypted');
    expect(await tell({ marketing: 'db.clinic.example' })).toBe(
      'unknown: marketing: the address is none of AWS RDS',
    );
  });

  it('is unknown without a region, whatever the addresses look like', async () => {
    expect(await tell({}, {})).toBe('unknown');
  });

  it('is asked for once a minute, however often the page is', async () => {
    let time = 0;
    let times = 0;
    const ask = keepAnswer(
      () => Promise.resolve(`answer ${++times}`),
      () => time,
    );
    expect([await ask(), await ask()]).toEqual(['answer 1', 'answer 1']);
    time = 60_000;
    expect(await ask()).toBe('answer 2');
  });
});

it('does not start with half of its settings', () => {
  expect(() => readAtRestSettings({ CORDON_RDS_REGION: awsRegion })).toThrow(/CORDON_RDS_CREDENTIALS_FILE/);
  expect(() => readAtRestSettings({ ...environment, CORDON_RDS_REGION: 'eu/../x' })).toThrow(
    /CORDON_RDS_REGION/,
  );
});

import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { issueAuthority, issueCertificate } from '@cordon/stores/certificates';
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { readPolicies, type NetworkPolicy } from '../network-policies.ts';
import { needed, outside, podOf, pods, ports, processes } from '../places.ts';
import { toKernelRules } from './kernel-rules.ts';
import type { NetworkPlan, WorldPlan, WorldResult } from './messages.ts';

const shipped = readPolicies(
  readFileSync(new URL('../../../deploy/network/network-policies.yaml', import.meta.url), 'utf8'),
);
const world = fileURLToPath(new URL('./world.ts', import.meta.url));

/** A stand-in at an address of the Internet; a model in a network next door; where a cloud hands out credentials; a name server. */
const provider = '104.18.7.192';
const elsewhere = [provider, '10.9.9.9', '169.254.169.254', '8.8.8.8'];
const outsidePorts = [53, 80, 443, 8443, 11434];

/** Each process, and somebody whom no policy names, has a network of its own; all others are reached in one. */
const own = [...processes, 'somebody-new'];
const others = [...pods.keys()].filter((name) => !own.includes(name));

/** Why the kernel does not let us; undefined where it does. */
function findHindrance(): string | undefined {
  try {
    execFileSync('unshare', ['--user', '--map-root-user', '--net', 'sh', '-c',
      'ip rule add pref 5 to 192.0.2.1 ipproto tcp dport 443 prohibit && ip link add one type veth peer name other && echo 1 > /proc/sys/net/ipv4/ip_forward && unshare --net true'],
      { stdio: ['ignore', 'ignore', 'pipe'] }); // prettier-ignore
    return undefined;
  } catch (error) {
    return `this machine lets nobody make networks: ${String((error as { stderr?: Buffer }).stderr ?? error).slice(0, 200)}`;
  }
}

/** What comes about with the policies as the kernel’s own rules: who gets an answer of the provider, and which connections. */
async function tryNetwork(policies: readonly NetworkPolicy[], connections = true): Promise<WorldResult> {
  const authority = await issueAuthority('a provider’s authority', 1);
  const served = await issueCertificate(authority, { commonName: 'provider', use: 'server', hosts: [provider], days: 1 });
  const targets = [
    ...[...pods].flatMap(([name, { address }]) => ports.map((port) => ({ name: `${name}:${String(port)}`, address, port }))),
    ...elsewhere.flatMap((address) => outsidePorts.map((port) => ({ name: `${address}:${String(port)}`, address, port }))),
  ];
  const networks: NetworkPlan[] = [
    ...own.map((name) => ({
      name,
      addresses: [podOf(name).address],
      order: { ports },
      attempts: {
        targets: connections ? targets.filter(({ address }) => address !== podOf(name).address) : [],
        ask: { url: `https://${provider}/v1/chat/completions`, authority: authority.certificate },
      },
    })),
    {
      name: 'elsewhere',
      addresses: [...others.map((name) => podOf(name).address), ...elsewhere],
      order: { ports: [...new Set([...ports, ...outsidePorts])], provider: served },
      attempts: { targets: [] },
    },
  ];
  const plan: WorldPlan = { rules: toKernelRules(policies, [...pods.values(), ...elsewhere.map(outside)]), networks };
  return new Promise((resolve, reject) => {
    const words = ['--user', '--map-root-user', '--net', process.execPath, '--conditions=cordon-source', world];
    const child = spawn('unshare', words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.once('message', (result) => {
      if (typeof result === 'string') reject(new Error(result));
      else resolve(result as WorldResult);
    });
    child.once('error', reject).once('exit', (code) => { reject(new Error(`the router ended: ${String(code)}`)); });
    child.send(plan);
  });
} // prettier-ignore

const reachedIn = (result: WorldResult, inside: boolean): string[] =>
  own.flatMap((from) =>
    (result[from]?.reached ?? [])
      .filter((target) => pods.has(target.split(':')[0] ?? '') === inside)
      .map((target) => `${from}>${target}`),
  );

const hindrance = findHindrance();
const needNetworks = (context: TestContext): void => {
  if (hindrance !== undefined) context.skip(hindrance);
};

describe('with the network policy in the kernel’s hands', () => {
  let result: WorldResult = {};
  beforeAll(async () => {
    if (hindrance === undefined) result = await tryNetwork(shipped);
  });

  it('the engine alone gets an answer of a provider, of all who ask with its key and trust it', (context) => {
    needNetworks(context);
    expect(Object.fromEntries(own.map((name) => [name, result[name]?.asked]))).toEqual({
      ...Object.fromEntries(own.map((name) => [name, 'EHOSTUNREACH'])),
      engine: 'All is well.',
    });
    expect(result['elsewhere']?.askers).toEqual([podOf('engine').address]);
  });

  it('no other address and no other port outside is reached by anybody', (context) => {
    needNetworks(context);
    expect(reachedIn(result, false)).toEqual([`engine>${provider}:443`, 'engine>8.8.8.8:443']);
  });

  it('each process reaches what it needs inside, and nothing else', (context) => {
    needNetworks(context);
    expect(reachedIn(result, true).sort()).toEqual([...needed].sort());
  });
});

it('a process that a hole lets out gets its answer: these attempts can succeed', async (context) => {
  needNetworks(context);
  const hole = readPolicies(`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: hole }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: cordon-portal } }
  policyTypes: [Egress]
  egress: [{ to: [{ ipBlock: { cidr: 104.16.0.0/13 } }] }]
`);
  const result = await tryNetwork([...shipped, ...hole], false);
  expect([result['portal']?.asked, result['web']?.asked]).toEqual(['All is well.', 'EHOSTUNREACH']);
});

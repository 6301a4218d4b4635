import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allows, readPolicies, type NetworkPolicy, type Place } from './network-policies.ts';
import { ingress, needed, outside, podOf, pods, ports } from './places.ts';

const shipped = readPolicies(
  readFileSync(new URL('../../deploy/network/network-policies.yaml', import.meta.url), 'utf8'),
);

/** Addresses at which somebody may keep a model: of providers, as anycast and IPv6, and in a network of one's own. */
const providers = ['104.18.7.192', '162.159.140.245', '2606:4700::6812:7c0', '20.51.1.1'];

function reachedInside(policies: readonly NetworkPolicy[]): string[] {
  return [...pods].flatMap(([from, source]) =>
    [...pods].flatMap(([to, target]) =>
      from === to
        ? []
        : ports
            .filter((port) => allows(policies, { from: source, to: target, protocol: 'TCP', port }))
            .map((port) => `${from}>${to}:${port}`),
    ),
  );
}

function reachProviders(policies: readonly NetworkPolicy[]): string[] {
  return [...pods].flatMap(([name, from]) =>
    providers.some((address) =>
      [80, 443, 8443, 11434].some((port) =>
        allows(policies, { from, to: outside(address), protocol: 'TCP', port }),
      ),
    )
      ? [name]
      : [],
  );
}

describe('the network policy', () => {
  it('lets the engine alone out to a provider, by TLS', () => {
    expect(reachProviders(shipped)).toEqual(['engine']);
    for (const address of providers) {
      const to = (port: number, protocol: 'TCP' | 'UDP' = 'TCP') =>
        allows(shipped, { from: podOf('engine'), to: outside(address), protocol, port });
      expect([address, to(443), to(80), to(443, 'UDP')]).toEqual([address, true, false, false]);
    }
  });

  it('lets the engine to no other address of the cluster, the cloud’s own network or this machine', () => {
    for (const address of [
      '169.254.169.254',
      '10.0.0.5',
      '172.20.0.1',
      '192.168.1.1',
      '127.0.0.1',
      '100.64.0.1',
      'fd00::1',
      'fe80::1',
      '::1',
    ])
      expect([
        address,
        allows(shipped, { from: podOf('engine'), to: outside(address), protocol: 'TCP', port: 443 }),
      ]).toEqual([address, false]);
  });

  it('lets each process to what it needs, and to nothing else', () => {
    expect(reachedInside(shipped).sort()).toEqual([...needed].sort());
  });

  it('lets names be resolved by the cluster’s own server alone', () => {
    const dns: Place = { labels: { 'k8s-app': 'kube-dns' }, namespace: 'kube-system', address: '10.96.0.10' };
    for (const [name, from] of pods)
      for (const protocol of ['UDP', 'TCP'] as const) {
        expect([name, allows(shipped, { from, to: dns, protocol, port: 53 })]).toEqual([name, true]);
        expect([name, allows(shipped, { from, to: outside('8.8.8.8'), protocol, port: 53 })]).toEqual([
          name,
          false,
        ]);
      }
  });

  it('lets people in where there are pages, and nowhere else', () => {
    const open = [...pods].flatMap(([name, to]) =>
      ports
        .filter((port) => allows(shipped, { from: ingress, to, protocol: 'TCP', port }))
        .map((port) => `${name}:${port}`),
    );
    expect(open.sort()).toEqual(['console:7400', 'identity:7403', 'portal:7401', 'web:7406']);
    for (const [name, to] of pods)
      for (const port of ports)
        expect([name, allows(shipped, { from: outside('203.0.113.7'), to, protocol: 'TCP', port })]).toEqual([
          name,
          false,
        ]);
  });
});

describe('a hole in the network policy is found', () => {
  const spec = (name: string, egress: object[]): NetworkPolicy[] =>
    readPolicies(
      JSON.stringify({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'hole' },
        spec: {
          podSelector: name === '' ? {} : { matchLabels: { 'app.kubernetes.io/name': `cordon-${name}` } },
          policyTypes: ['Egress'],
          egress,
        },
      }),
    );
  it.each([
    ['a rule that names nobody and no port', 'web', [{}], ['web']],
    ['every address', 'portal', [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }], ['portal']],
    ['one port to everybody', 'identity', [{ ports: [{ port: 443 }] }], ['identity']],
    [
      'a provider’s network alone',
      'console',
      [{ to: [{ ipBlock: { cidr: '104.16.0.0/13' } }] }],
      ['console'],
    ],
    ['a range of ports', 'sequencer', [{ ports: [{ port: 8000, endPort: 9000 }] }], ['sequencer']],
    ['every pod', '', [{ ports: [{ port: 443 }] }], [...pods.keys()]],
  ] as const)('%s', (_case, name, egress, found) => {
    const holed = [...shipped, ...spec(name, [...egress])];
    expect(reachProviders(holed).sort()).toEqual([...new Set(['engine', ...found])].sort());
  });

  it('the policy that refuses everything, taken away', () => {
    const without = shipped.filter(({ metadata }) => metadata.name !== 'refuse-everything');
    const comesIn = (policies: readonly NetworkPolicy[]): boolean =>
      allows(policies, { from: outside('203.0.113.7'), to: podOf('sequencer'), protocol: 'TCP', port: 8080 });
    expect([comesIn(shipped), comesIn(without)]).toEqual([false, true]);
  });

  it('a policy that says something unknown is not passed over', () => {
    expect(() => spec('web', [{ to: [{ fqdn: 'api.openai.com' }] }])).toThrow();
    expect(() => spec('web', [{ ports: [{ port: 'https' }] }])).toThrow();
    expect(() => readPolicies('kind: CiliumNetworkPolicy')).toThrow();
  });
});

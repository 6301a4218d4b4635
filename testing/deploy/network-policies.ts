import { BlockList, isIPv6 } from 'node:net';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

/**
 * The part of NetworkPolicy (networking.k8s.io/v1) that is used here, read strictly: what this does not know it refuses, since a rule that
 * was passed over could be one that allows a connection.
 */
const labels = z.record(z.string(), z.string());
const selector = z.strictObject({
  matchLabels: labels.optional(),
  matchExpressions: z
    .array(
      z.discriminatedUnion('operator', [
        z.strictObject({
          key: z.string(),
          operator: z.enum(['In', 'NotIn']),
          values: z.array(z.string()).min(1),
        }),
        z.strictObject({ key: z.string(), operator: z.enum(['Exists', 'DoesNotExist']) }),
      ]),
    )
    .optional(),
});
const peer = z.union([
  z.strictObject({ podSelector: selector, namespaceSelector: selector.optional() }),
  z.strictObject({ namespaceSelector: selector }),
  z.strictObject({ ipBlock: z.strictObject({ cidr: z.string(), except: z.array(z.string()).optional() }) }),
]);
const ports = z
  .array(
    z.strictObject({
      protocol: z.enum(['TCP', 'UDP', 'SCTP']).default('TCP'),
      port: z.int().optional(),
      endPort: z.int().optional(),
    }),
  )
  .optional();
const policy = z.strictObject({
  apiVersion: z.literal('networking.k8s.io/v1'),
  kind: z.literal('NetworkPolicy'),
  metadata: z.strictObject({ name: z.string() }),
  spec: z.strictObject({
    podSelector: selector,
    policyTypes: z.array(z.enum(['Ingress', 'Egress'])).min(1),
    ingress: z.array(z.strictObject({ from: z.array(peer).optional(), ports })).optional(),
    egress: z.array(z.strictObject({ to: z.array(peer).optional(), ports })).optional(),
  }),
});
export type NetworkPolicy = z.infer<typeof policy>;
type Selector = z.infer<typeof selector>;
export type Peer = z.infer<typeof peer>;

/** Throws where a document is no policy, or says something that is not known here. */
export function readPolicies(text: string): NetworkPolicy[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error) throw error;
    return policy.parse(document.toJS());
  });
}

export interface Place {
  /** Of a pod: its labels, and its namespace's; absent for an address outside the cluster. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespace?: string;
  readonly address: string;
}
export interface Connection {
  readonly from: Place;
  readonly to: Place;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}

/** Policies hold in the namespace that they are applied to. */
const home = 'cordon';

function selects(
  { matchLabels = {}, matchExpressions = [] }: Selector,
  has: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => has[key] === value) &&
    matchExpressions.every((expression) => {
      const value = has[expression.key];
      switch (expression.operator) {
        case 'In':
          return value !== undefined && expression.values.includes(value);
        case 'NotIn':
          return value === undefined || !expression.values.includes(value);
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
      }
    })
  );
}

function within(cidr: string, address: string): boolean {
  const [network = '', bits = ''] = cidr.split('/');
  if (isIPv6(network) !== isIPv6(address)) return false;
  const list = new BlockList();
  const family = isIPv6(network) ? 'ipv6' : 'ipv4';
  list.addSubnet(network, Number(bits), family);
  return list.check(address, family);
}

export function isPeer(rule: Peer, { labels: has, namespace, address }: Place): boolean {
  if ('ipBlock' in rule)
    return (
      within(rule.ipBlock.cidr, address) && !(rule.ipBlock.except ?? []).some((part) => within(part, address))
    );
  // Anybody outside the cluster has no labels to be chosen by.
  if (has === undefined || namespace === undefined) return false;
  const rightNamespace =
    rule.namespaceSelector === undefined
      ? namespace === home
      : selects(rule.namespaceSelector, { 'kubernetes.io/metadata.name': namespace });
  return rightNamespace && (!('podSelector' in rule) || selects(rule.podSelector, has));
}

export interface Rule {
  readonly peers: readonly Peer[] | undefined;
  readonly ports: z.infer<typeof ports>;
}

/** What may come to a place, or go from it; undefined where no policy isolates it. */
export function rulesFor(
  policies: readonly NetworkPolicy[],
  side: 'Ingress' | 'Egress',
  { labels: has, namespace }: Place,
): readonly Rule[] | undefined {
  if (has === undefined || namespace !== home) return undefined;
  const isolating = policies.filter(
    ({ spec }) => spec.policyTypes.includes(side) && selects(spec.podSelector, has),
  );
  if (isolating.length === 0) return undefined;
  return isolating.flatMap(({ spec }): Rule[] =>
    side === 'Ingress'
      ? (spec.ingress ?? []).map((rule) => ({ peers: rule.from, ports: rule.ports }))
      : (spec.egress ?? []).map((rule) => ({ peers: rule.to, ports: rule.ports })),
  );
}

/** A side that no policy isolates takes everything; an isolated one what one of its rules names. No peers, or no ports, means all. */
function sideAllows(
  policies: readonly NetworkPolicy[],
  side: 'Ingress' | 'Egress',
  own: Place,
  other: Place,
  { protocol, port }: Connection,
): boolean {
  const rules = rulesFor(policies, side, own);
  if (rules === undefined) return true;
  return rules.some(
    (rule) =>
      (rule.peers === undefined ||
        rule.peers.length === 0 ||
        rule.peers.some((each) => isPeer(each, other))) &&
      (rule.ports === undefined ||
        rule.ports.length === 0 ||
        rule.ports.some(
          (each) =>
            each.protocol === protocol &&
            (each.port === undefined || (port >= each.port && port <= (each.endPort ?? each.port))),
        )),
  );
}

/** Whether a connection comes about: its beginning must be allowed on one side, and its end on the other. */
export function allows(policies: readonly NetworkPolicy[], connection: Connection): boolean {
  const { from, to } = connection;
  return (
    sideAllows(policies, 'Egress', from, to, connection) &&
    sideAllows(policies, 'Ingress', to, from, connection)
  );
}

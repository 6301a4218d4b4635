import { isPeer, rulesFor, type NetworkPolicy, type Place, type Rule } from '../network-policies.ts';

/** Where the three stages begin, and the routes that Linux has by itself (ip-rule(8)). */
const stage = { replies: 1_000, leave: 10_000, arrive: 20_000, routes: 32_766 } as const;

type Port = NonNullable<Rule['ports']>[number] | undefined;

interface Network {
  readonly cidr: string;
  readonly except: readonly string[];
}

const everywhere: readonly Network[] = [{ cidr: '0.0.0.0/0', except: [] }];

/**
 * The policies as rules of the Linux kernel's own routing policy, which a router between all places goes by: a packet passes what its
 * sender may send, then what its receiver may receive. The kernel's rules know no connections, so an answer is told by the port it
 * comes from. Of IPv4 alone.
 * @returns lines for `ip -batch`
 */
export function toKernelRules(policies: readonly NetworkPolicy[], places: readonly Place[]): string[] {
  const lines: string[] = [];
  const next: Record<'replies' | 'leave' | 'arrive', number> = { ...stage };
  const add = (at: keyof typeof next, rule: string): void => {
    lines.push(`rule add pref ${String(next[at])} ${rule}`);
    next[at] += 1;
  };
  const networksOf = (peers: Rule['peers']): readonly Network[] =>
    peers === undefined || peers.length === 0
      ? everywhere
      : peers.flatMap((peer): Network[] => {
          if ('ipBlock' in peer) {
            const { cidr, except = [] } = peer.ipBlock;
            return cidr.includes(':') ? [] : [{ cidr, except }];
          }
          return places.filter((place) => isPeer(peer, place)).map(({ address }) => ({ cidr: address, except: [] }));
        });
  const open = (at: 'leave' | 'arrive', own: string, rules: readonly Rule[], target: number): void => {
    const [here, there] = at === 'leave' ? (['from', 'to'] as const) : (['to', 'from'] as const);
    for (const { peers, ports = [] } of rules)
      for (const { cidr, except } of networksOf(peers))
        for (const port of ports.length > 0 ? ports : [undefined]) {
          const behind = next[at] + except.length + 1;
          for (const part of except)
            add(at, `${here} ${own} ${there} ${part} ${describePort(port, 'dport')} goto ${String(behind)}`);
          add(at, `${here} ${own} ${there} ${cidr} ${describePort(port, 'dport')} goto ${String(target)}`);
          add('replies', `${there} ${own} ${here} ${cidr} ${describePort(port, 'sport')} goto ${String(stage.routes)}`);
        }
    add(at, `${here} ${own} prohibit`);
  };
  for (const place of places) {
    const [leaves, arrives] = [rulesFor(policies, 'Egress', place), rulesFor(policies, 'Ingress', place)];
    if (leaves !== undefined) open('leave', place.address, leaves, stage.arrive);
    if (arrives !== undefined) open('arrive', place.address, arrives, stage.routes);
  }
  // What nobody isolates goes on; and the second stage begins where the first one points to.
  if (next.arrive === stage.arrive) add('arrive', `goto ${String(stage.routes)}`);
  return lines;
} // prettier-ignore

function describePort(port: Port, side: 'sport' | 'dport'): string {
  if (port === undefined) return '';
  const range = port.port === undefined ? '' : ` ${side} ${String(port.port)}${port.endPort === undefined ? '' : `-${String(port.endPort)}`}`;
  return `ipproto ${port.protocol.toLowerCase()}${range}`;
} // prettier-ignore

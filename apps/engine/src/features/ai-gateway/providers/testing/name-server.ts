import { Resolver } from 'node:dns/promises';
import { createServer, Packet } from 'dns2';
import type { LookUpNames } from '../address-guard.ts';

export interface NameServer {
  /** What each name means from now on: addresses of both kinds, or another name. */
  readonly names: Map<string, readonly string[]>;
  /** Questions that were asked so far. */
  readonly asked: () => number;
  /** Looks names up here and nowhere else. */
  readonly lookUp: LookUpNames;
  readonly close: () => Promise<void>;
}

const isName = (meant: string): boolean => /[g-z]/.test(meant);

/** A DNS server on this machine that answers what it is told to, without a time for which the answer may be kept. */
export async function openNameServer(): Promise<NameServer> {
  const names = new Map<string, readonly string[]>();
  let asked = 0;
  const server = createServer({
    udp: true,
    handle: (request, send) => {
      const response = Packet.createResponseFromRequest(request);
      const [question] = request.questions;
      asked += 1;
      const answer = (name: string): void => {
        for (const meant of names.get(name) ?? []) {
          const common = { name, class: Packet.CLASS.IN, ttl: 0 };
          if (isName(meant)) {
            response.answers.push(new Packet.Resource({ ...common, type: Packet.TYPE.CNAME, domain: meant }));
            answer(meant);
          } else {
            const type = meant.includes(':') ? Packet.TYPE.AAAA : Packet.TYPE.A;
            if (question?.type === type)
              response.answers.push(new Packet.Resource({ ...common, type, address: meant }));
          }
        }
      };
      if (question !== undefined) answer(question.name.toLowerCase());
      void send(response);
    },
  });
  const { udp } = await server.listen({ udp: { port: 0, address: '127.0.0.1' } });
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  resolver.setServers([`127.0.0.1:${String(udp?.port)}`]);
  const find = async (hostname: string) => {
    const [four, six] = await Promise.all([
      resolver.resolve4(hostname).catch(() => []),
      resolver.resolve6(hostname).catch(() => []),
    ]);
    return [
      ...four.map((address) => ({ address, family: 4 })),
      ...six.map((address) => ({ address, family: 6 })),
    ];
  };
  return {
    names,
    asked: () => asked,
    lookUp: (hostname, _options, callback) => {
      void find(hostname).then((addresses) => {
        const unknown = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
        callback(addresses.length === 0 ? unknown : null, addresses);
      });
    },
    close: () => server.close(),
  };
}

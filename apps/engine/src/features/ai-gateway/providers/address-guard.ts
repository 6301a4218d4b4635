import type { LookupAddress, LookupAllOptions } from 'node:dns';
import { BlockList, isIP, isIPv4, type LookupFunction } from 'node:net';
import type { AiProvider } from '@cordon/access-policy';
import { AiGatewayError } from '@cordon/ai-gateway';

/** Networks that are nobody's on the Internet (RFC 6890 and its registry), by which “local” and “remote” are told apart. */
const notPublic = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12],
  ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24],
  ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
] as const) notPublic.addSubnet(network, prefix, 'ipv4'); // prettier-ignore
for (const [network, prefix] of [
  ['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20],
] as const) notPublic.addSubnet(network, prefix, 'ipv6'); // prettier-ignore
/** Of IPv6 nothing else is given out to the Internet (RFC 4291, 2.4, and IANA's registry); old forms of IPv4 addresses are outside. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
/** Where machines of an operator's own network are. Link-local is left out: clouds serve their credentials there. */
const ownNetwork = new BlockList();
for (const [network, prefix] of [['10.0.0.0', 8], ['127.0.0.0', 8], ['172.16.0.0', 12], ['192.168.0.0', 16]] as const)
  ownNetwork.addSubnet(network, prefix, 'ipv4'); // prettier-ignore
ownNetwork.addAddress('::1', 'ipv6');
ownNetwork.addSubnet('fc00::', 7, 'ipv6');

/** Whether a provider of the kind may be at the address; a mapped IPv4 address counts as what it maps. */
export function mayBeAt(kind: 'local' | 'remote', address: string): boolean {
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  if (isIP(plain) === 0) return false;
  const family = isIPv4(plain) ? 'ipv4' : 'ipv6';
  if (kind === 'local') return ownNetwork.check(plain, family);
  return (family === 'ipv4' || globalUnicast.check(plain, family)) && !notPublic.check(plain, family);
}

const refuse = (): AiGatewayError =>
  new AiGatewayError('ai-provider-unavailable', 'the provider is at an address that its kind may not have');

/** All addresses of a name, as `dns.lookup` tells them. */
export type LookUpNames = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Looks a provider's name up for one connection, and lets the connection go to what was checked and nowhere else: a name that
 * comes to mean another network is refused, also between two requests.
 */
export const lookupFor =
  (kind: 'local' | 'remote', lookUp: LookUpNames): LookupFunction =>
  (hostname, options, callback) => {
    lookUp(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = error === null ? addresses : [];
      const allowed = first !== undefined && addresses.every(({ address }) => mayBeAt(kind, address));
      if (!allowed) callback(error ?? refuse(), '');
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

/**
 * Where a provider is, by its configuration. Whether its kind may be there is asked when this is made, for the name of an address is
 * not looked up later; nothing else can be sent to.
 */
export class ProviderAddress {
  readonly kind: 'local' | 'remote';
  readonly #place: Readonly<Record<'protocol' | 'host' | 'port' | 'path', string>>;

  /** @throws {AiGatewayError} `ai-provider-unavailable` */
  constructor(kind: 'local' | 'remote', url: URL) {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (url.protocol !== 'https:' && (kind === 'remote' || url.protocol !== 'http:')) throw refuse();
    if (url.username !== '' || url.password !== '' || url.hash !== '') throw refuse();
    if (isIP(host) !== 0 && !mayBeAt(kind, host)) throw refuse();
    this.kind = kind;
    this.#place = { protocol: url.protocol, host, port: url.port, path: url.pathname + url.search };
  }

  /** As Node's clients take it. */
  get place() {
    return this.#place;
  }
}

/**
 * Reads where a provider is once for each that is configured.
 * @param write the address to which its protocol is spoken
 */
export function keepAddresses(
  write: (provider: AiProvider) => string,
): (provider: AiProvider) => ProviderAddress {
  const kept = new WeakMap<AiProvider, ProviderAddress>();
  return (provider) => {
    const known = kept.get(provider);
    if (known !== undefined) return known;
    const kind = provider.kind === 'local' ? 'local' : 'remote';
    const address = new ProviderAddress(kind, new URL(write(provider)));
    kept.set(provider, address);
    return address;
  };
}

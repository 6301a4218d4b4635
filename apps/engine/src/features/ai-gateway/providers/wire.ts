import { lookup } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { lookupFor, type LookUpNames } from './address-guard.ts';

type Kind = 'local' | 'remote';

/** What connections to providers are made of: pools of them, which look names up and ask for certificates by their kind's rule. */
export interface Wire {
  readonly agentOf: (kind: Kind, secure: boolean) => HttpAgent;
  /** Made when first asked for: parsing the root certificates takes milliseconds. */
  readonly trustOf: (kind: Kind) => SecureContext;
}

export interface WireSettings {
  /** PEM: vouches for local providers, and for those alone. */
  readonly authority: string | undefined;
  /** How names are looked up; as the system does it where absent. */
  readonly lookUp?: LookUpNames;
}

/** An unused connection ends well before servers close it (most after five seconds), and what a name means now counts soon. */
const idleMs = 2_000;

/**
 * Node's own agents, which follow no redirect and, with what they are given here, read nothing of the environment: no proxy, and no
 * authority that a variable names (NODE_EXTRA_CA_CERTS, SSL_CERT_FILE). Each kind has a pool of its own, for each looks its names up by
 * its own rule.
 */
export function openWire({ authority, lookUp = lookup }: WireSettings): Wire {
  const trust = new Map<Kind, SecureContext>();
  const trustOf = (kind: Kind): SecureContext => {
    const ca = kind === 'local' ? (authority ?? [...rootCertificates]) : [...rootCertificates];
    const context = trust.get(kind) ?? createSecureContext({ ca, minVersion: 'TLSv1.2' });
    trust.set(kind, context);
    return context;
  };
  const pools = new Map<string, HttpAgent>();
  return {
    trustOf,
    agentOf: (kind, secure) => {
      const name = secure ? `${kind} secure` : kind;
      const pool = pools.get(name);
      if (pool !== undefined) return pool;
      const options = { keepAlive: true, timeout: idleMs, lookup: lookupFor(kind, lookUp) };
      const opened = secure
        ? // Whatever the environment says of certificates.
          new HttpsAgent({ ...options, rejectUnauthorized: true, secureContext: trustOf(kind) })
        : new HttpAgent(options);
      pools.set(name, opened);
      return opened;
    },
  };
}

// A process of its own that asks a provider once: what its environment says is read when Node starts.
import { tellOutcome } from './ask-provider.ts';

export interface AskOnce {
  readonly baseUrl: string;
  readonly authority?: string;
}
export interface AskedOnce {
  readonly gateway: string;
  /** What a program without the gateway's care gets from the same address: a status, or an error. */
  readonly careless: string;
}

const { baseUrl, authority } = JSON.parse(process.argv[2] ?? '') as AskOnce;
const gateway = await tellOutcome({ provider: { baseUrl }, stream: false, settings: { authority } });
const careless = await fetch(baseUrl, { method: 'POST', body: '{}' }).then(
  ({ status }) => String(status),
  () => 'failed',
);
process.stdout.write(JSON.stringify({ gateway, careless } satisfies AskedOnce));

// A process in a network of its own: it listens, then tries to get out.
import { createServer as createSecureServer, request } from 'node:https';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import type { PlaceAttempts, PlaceOrder, PlaceResult } from './messages.ts';

/** A refusal is told at once, but the kernel tells no more than so many in a second (icmp_msgs_per_sec): the rest is waited for. */
const waitMs = 2_000;
const askers: string[] = [];

const receive = <Message>(): Promise<Message> =>
  new Promise((resolve) =>
    process.once('message', (message) => {
      resolve(message as Message);
    }),
  );
const tell = (message: PlaceResult | 'here' | 'listening'): void => {
  process.send?.(message);
}; // prettier-ignore

const listen = (port: number, credential?: PlaceOrder['provider']): Promise<void> =>
  new Promise((resolve, reject) => {
    const server =
      credential === undefined
        ? createServer((socket) => socket.on('error', () => undefined).end())
        : createSecureServer({ cert: credential.certificate, key: credential.key }, (request, response) => {
            askers.push(request.socket.remoteAddress ?? '');
            response.end('All is well.');
          });
    server.once('error', reject).listen(port, '0.0.0.0', resolve);
  });

const reach = (address: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: waitMs });
    const end = (came: boolean): void => {
      socket.destroy();
      resolve(came);
    };
    // What came while this process had no time is seen before it is judged.
    socket.once('connect', () => { end(true); }).once('timeout', () => setImmediate(end, false)).once('error', () => { end(false); });
  }); // prettier-ignore

/** As a program asks that trusts the provider and has its key: what it answers, or why it cannot be asked. */
const askModel = ({ url, authority }: NonNullable<PlaceAttempts['ask']>): Promise<string> =>
  new Promise((resolve) => {
    request(url, { method: 'POST', ca: authority, timeout: 10 * waitMs }, (answer) => { void text(answer).then(resolve); })
      .once('timeout', () => { resolve('no answer'); })
      .once('error', (error: NodeJS.ErrnoException) => { resolve(error.code ?? 'failed'); })
      .end('{}');
  }); // prettier-ignore

process.once('disconnect', () => process.exit());
tell('here');
const { ports, provider } = await receive<PlaceOrder>();
await Promise.all(ports.map((port) => listen(port, port === 443 ? provider : undefined)));
tell('listening');
const { targets, ask } = await receive<PlaceAttempts>();
const asked = ask && (await askModel(ask));
const came = await Promise.all(targets.map(({ address, port }) => reach(address, port)));
const result = () => ({
  reached: targets.filter((_target, index) => came[index]).map(({ name }) => name),
  ...(asked !== undefined && { asked }),
  askers,
});
tell(result());
// Whoever began this asks once more when all have tried, and ends it.
process.on('message', () => {
  tell(result());
});

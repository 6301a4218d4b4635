// Runs as the root of a network of its own (`unshare --user --net`): the router between the networks of its plan. Nothing of the
// machine's own network is touched, and all of it ends with this process.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { NetworkPlan, PlaceResult, WorldPlan, WorldResult } from './messages.ts';

const router = '169.254.1.1';
const program = fileURLToPath(new URL('./place.ts', import.meta.url));

const configure = (lines: readonly string[], pid?: number): void => {
  const inside = pid === undefined ? [] : ['nsenter', '--target', String(pid), '--net'];
  const words = [...inside, 'ip', '-batch', '-'];
  execFileSync('env', words, { input: lines.join('\n') });
};
const answerOf = <Message>(child: ChildProcess): Promise<Message> =>
  new Promise((resolve, reject) => {
    child.once('message', (message) => { resolve(message as Message); });
    child.once('exit', () => { reject(new Error('a process in a network ended')); });
  }); // prettier-ignore

async function openNetwork({ addresses }: NetworkPlan, index: number): Promise<ChildProcess> {
  const child = spawn('unshare', ['--net', process.execPath, '--conditions=cordon-source', program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await answerOf(child);
  const { pid } = child;
  if (pid === undefined) throw new Error('a process in a network did not begin');
  const cable = `to${String(index)}`;
  configure([
    `link add ${cable} type veth peer name eth0 netns ${String(pid)}`,
    `addr add ${router}/32 dev ${cable}`,
    `link set ${cable} up`,
    ...addresses.map((address) => `route add ${address}/32 dev ${cable}`),
  ]);
  configure(
    [
      'link set lo up',
      ...addresses.map((address) => `addr add ${address}/32 dev eth0`),
      'link set eth0 up',
      `route add ${router} dev eth0`,
      `route add default via ${router}`,
    ],
    pid,
  );
  return child;
}

async function run({ rules, networks }: WorldPlan): Promise<WorldResult> {
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
  // Refusals are told each time, not once a second.
  writeFileSync('/proc/sys/net/ipv4/icmp_ratelimit', '0');
  // The router's own refusals reach whom they tell.
  configure(['link set lo up', 'rule add pref 10 ipproto icmp lookup main']);
  const children: ChildProcess[] = [];
  try {
    for (const [index, network] of networks.entries()) children.push(await openNetwork(network, index));
    configure(rules);
    const each = <Message>(message: (plan: NetworkPlan) => object): Promise<Message[]> =>
      Promise.all(
        children.map((child, index) => {
          const plan = networks[index];
          if (plan !== undefined) child.send(message(plan));
          return answerOf<Message>(child);
        }),
      );
    await each(({ order }) => order);
    await each(({ attempts }) => attempts);
    const results = await each<PlaceResult>(() => ({}));
    return Object.fromEntries(results.map((result, index) => [networks[index]?.name ?? '', result]));
  } finally {
    for (const child of children) child.kill();
  }
}

process.once('disconnect', () => process.exit());
process.once('message', (plan) => {
  void run(plan as WorldPlan).then(
    (result) => process.send?.(result, () => { process.exit(0); }),
    (error: unknown) => { process.send?.(String(error), () => { process.exit(1); }); },
  );
}); // prettier-ignore

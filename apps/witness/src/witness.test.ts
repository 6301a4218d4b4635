import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addCosignatures, openCheckpoint } from '@cordon/transparency-log';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  buildLog,
  key,
  logKey,
  startWitnessUnderTest,
  type WitnessUnderTest,
} from '../testing/witness-under-test.ts';

let witness: WitnessUnderTest;
beforeEach(async () => {
  witness = await startWitnessUnderTest();
});
afterEach(() => witness.close());

const post = (body: string) => witness.post(body);

it('cosigns the first checkpoint and each one that keeps the last, also after a restart', async () => {
  expect((await post(await buildLog(5).request(0))).status).toBe(200);
  await witness.stop();
  await witness.start();
  const { checkpoint, request } = buildLog(300);
  const answer = await post(await request(5));
  expect(answer.status).toBe(200);
  const trust = { origin: 'cordon.test/log', logKeys: [logKey.verifierKey], witnessKeys: [key.verifierKey] };
  const cosigned = addCosignatures(checkpoint, answer.text, [key.verifierKey]);
  expect(openCheckpoint(cosigned, trust).cosignatures).toHaveLength(1);
  expect(() => openCheckpoint(checkpoint, trust)).toThrow('quorum-missing');
});

it('says with 409 which size it cosigned last to whoever starts from another', async () => {
  await post(await buildLog(5).request(0));
  expect(await post(await buildLog(9).request(0))).toEqual({
    status: 409,
    type: 'text/x.tlog.size',
    text: '5\n',
  });
});

it('never cosigns a rewritten log, another tree of the same size, nor a smaller one', async () => {
  await post(await buildLog(5).request(0));
  expect(await post(await buildLog(9, 'b').request(5))).toMatchObject({ status: 422 });
  expect(await post(await buildLog(5, 'b').request(5))).toMatchObject({ status: 409 });
  expect((await post(await buildLog(5, 'b').request(5))).text).toContain('witness-forked');
  const backwards = (await buildLog(3).request(0)).replace('old 0', 'old 5');
  expect(await post(backwards)).toMatchObject({ status: 400 });
  expect((await post(await buildLog(9).request(5))).status).toBe(200);
});

it('lets one of two histories win that arrive at once', async () => {
  await post(await buildLog(5).request(0));
  const bodies = await Promise.all([buildLog(9).request(5), buildLog(8).request(5), buildLog(7).request(5)]);
  const answers = await Promise.all(bodies.map(post));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
});

it('signs nothing when it cannot read what it saw last', async () => {
  await post(await buildLog(5).request(0));
  for (const name of await readdir(witness.folder))
    if (name !== 'lock') await writeFile(join(witness.folder, name), 'damaged');
  expect(await post(await buildLog(9).request(5))).toMatchObject({ status: 500 });
  expect(await post(await buildLog(9).request(0))).toMatchObject({ status: 500 });
});

/** Another process that takes the folder, and says how that went. */
async function lockElsewhere(): Promise<{ child: ChildProcess; answer: string }> {
  const module = JSON.stringify(join(import.meta.dirname, 'lock-folder.ts'));
  const script = `const { lockFolder } = await import(${module});
    await lockFolder(${JSON.stringify(witness.folder)}).then(() => console.log('held'), ({ code }) => console.log(code));
    process.stdin.resume();`;
  const args = ['--conditions=cordon-source', '--input-type=module', '--eval', script];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, answer: said.toString().trim() };
}

it('lets no second process into its folder, and the next one once the first has ended, even by a kill', async () => {
  await expect(witness.start()).rejects.toMatchObject({ code: 'witness-folder-in-use' });
  const refused = await lockElsewhere();
  expect(refused.answer).toBe('witness-folder-in-use');
  refused.child.kill();
  await witness.stop();
  const holder = await lockElsewhere();
  expect(holder.answer).toBe('held');
  await expect(witness.start()).rejects.toThrow('witness-folder-in-use');
  holder.child.kill('SIGKILL');
  await once(holder.child, 'exit');
  await witness.start();
});

import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../../../../../testing/forms/read-one-form.ts', import.meta.url));

/** Node's permission model: reading files and starting threads is allowed, writing and starting programs is not. */
const permissions = ['--permission', '--allow-fs-read=*', '--allow-worker', '--allow-addons'];

const readWithoutDisk = (id: string): Promise<{ stdout: string }> =>
  run(
    process.execPath,
    [...permissions, '--disable-warning=SecurityWarning', '--conditions=cordon-source', script, id],
    {
      // A temp folder that does not exist: a library that wrote there past Node would fail too.
      env: { TMPDIR: '/nonexistent/temp' },
      timeout: 170_000,
    },
  );

test('a form is read by a process that may not write to any disk', async () => {
  const [picture, pdf] = await Promise.all([
    readWithoutDisk('sideways-exif'),
    readWithoutDisk('text-pdf-two-pages'),
  ]);
  expect(JSON.parse(picture.stdout)).toEqual({ pages: 1, cardNumbersRemoved: 1, picture: 'kept' });
  expect(JSON.parse(pdf.stdout)).toEqual({ pages: 2, cardNumbersRemoved: 2, picture: 'kept' });
});

test('and no thread of such a process can write: the check above can fail', async () => {
  const writer = `import { writeFileSync } from 'node:fs';
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', () => {
      try { writeFileSync('/tmp/cordon-permission-check', ''); parentPort.postMessage('written'); }
      catch (error) { parentPort.postMessage(error.code); }
    });`;
  const program = `import { ThreadCaller } from ${JSON.stringify(new URL('./thread-caller.ts', import.meta.url).href)};
    const thread = new ThreadCaller(new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(writer)})));
    process.stdout.write(await thread.call('write', [], { timeLimitMs: 20000 }));
    await thread.close();`;
  const { stdout } = await run(process.execPath, [...permissions, '--input-type=module', '-e', program], {
    timeout: 170_000,
  });
  expect(stdout).toBe('ERR_ACCESS_DENIED');
});

import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { sealBoardReport, type Environment, type Promotion, type Report } from '@cordon/control-gate';
import { isPublicError, readSettings, type Environment as Variables } from '@cordon/service';
import { z } from 'zod';
import { runningBasePort } from '../commands/live-stores.ts';
import { makeLayout, type Layout } from '../up/layout.ts';
import { makeOrigins } from '../up/origins.ts';
import { keepVerdictKey } from './verdict-key.ts';

interface Receiver {
  readonly url: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly authorityFile: string;
}

const file = z.string().min(1);
const settings = z.object({
  CORDON_GATE_ENGINE_URL: z.url({ protocol: /^https$/, error: 'must be https' }),
  CORDON_GATE_CLIENT_CERT_FILE: file,
  CORDON_GATE_CLIENT_KEY_FILE: file,
  CORDON_GATE_CLIENT_CA_FILE: file,
});

/** An engine elsewhere, and the certificate that it knows the gate by. @throws ServiceError `settings-invalid` */
export function readReceiver(environment: Variables): Receiver {
  const read = readSettings(settings, environment);
  return {
    url: read.CORDON_GATE_ENGINE_URL,
    certificateFile: read.CORDON_GATE_CLIENT_CERT_FILE,
    keyFile: read.CORDON_GATE_CLIENT_KEY_FILE,
    authorityFile: read.CORDON_GATE_CLIENT_CA_FILE,
  };
}

const limitMilliseconds = 20_000;

/**
 * Hands the signed report to the engine, for the console's board: the one that `CORDON_GATE_ENGINE_URL` names, else the one that
 * runs in this checkout. A board that could not be told changes no verdict.
 * @returns what kept the engine from taking it, in words; undefined where it took it, or where there is none
 */
export async function sendReport(
  layout: Layout,
  report: Report & { readonly to: Environment },
  terms: Omit<Promotion, 'to'>,
  whole: boolean,
): Promise<string | undefined> {
  try {
    const receiver = await findReceiver(layout);
    if (receiver === undefined) return undefined;
    const envelope = sealBoardReport(report, terms, whole, await keepVerdictKey(layout));
    const status = await post(receiver, JSON.stringify({ envelope }));
    return status === 200 ? undefined : `the engine answered ${status}`;
  } catch (error) {
    if (isPublicError(error)) return error.publicMessage;
    return error instanceof Error ? error.message : 'it could not be sent';
  }
}

async function findReceiver(layout: Layout): Promise<Receiver | undefined> {
  if (process.env['CORDON_GATE_ENGINE_URL'] !== undefined) return readReceiver(process.env);
  const basePort = await runningBasePort(layout.root);
  if (basePort === undefined) return undefined;
  const folder = join(layout.secrets, 'tls', 'internal');
  return {
    url: makeOrigins(makeLayout(layout.root, basePort).ports, false).engineInternal,
    certificateFile: join(folder, 'gate.crt'),
    keyFile: join(folder, 'gate.key'),
    authorityFile: join(folder, 'ca.crt'),
  };
}

async function post(
  { url, certificateFile, keyFile, authorityFile }: Receiver,
  body: string,
): Promise<number> {
  const [cert, key, ca] = await Promise.all(
    [certificateFile, keyFile, authorityFile].map((file) => readFile(file)),
  );
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL('/internal/v1/gate-reports', url),
      {
        method: 'POST',
        cert,
        key,
        ca,
        minVersion: 'TLSv1.3',
        signal: AbortSignal.timeout(limitMilliseconds),
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        response.resume();
        response.on('error', reject);
        response.on('end', () => {
          resolve(response.statusCode ?? 0);
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

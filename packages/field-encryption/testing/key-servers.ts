/** Servers that speak the wire formats of AWS KMS and of Vault's transit engine, over TLS, and check what they are sent. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { issueAuthority, issueCertificate } from '@cordon/stores/certificates';
import { spoilAnswer, type KeyServerFault } from './spoil-answer.ts';
import { findSignatureFault } from './verify-signature.ts';

export interface KeyServer {
  readonly address: string;
  /** The authority that signed its certificate. */
  readonly ca: string;
  /** What it did not accept, in words. */
  readonly faults: string[];
  /** Answers nothing but this status from now on; undefined: serves again. */
  answerWith(status: number | undefined): void;
  /** How many questions have come. */
  questions(): number;
  /** Spoils the way of its answers from now on; undefined: serves again. */
  failBy(fault: KeyServerFault | undefined): void;
  /** Closes its port, so that nobody answers; `open` takes the same port again. */
  shut(): Promise<void>;
  open(): Promise<void>;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}
export interface Answer {
  readonly status: number;
  /** An object goes as JSON. */
  readonly body: object | string;
}

/** Over TLS, with a certificate of an authority of its own. */
export async function serve(answer: (asked: Asked, faults: string[]) => Answer): Promise<KeyServer> {
  const authority = await issueAuthority('Test key authority', 30);
  const { certificate, key } = await issueCertificate(authority, {
    commonName: 'localhost',
    use: 'server',
    hosts: ['localhost'],
    days: 30,
  });
  const faults: string[] = [];
  let status: number | undefined;
  let fault: KeyServerFault | undefined;
  const earlier: { ciphertext?: string } = {};
  let questions = 0;
  let server: Server | undefined;
  let port = 0;
  const open = async (): Promise<void> => {
    const opened = createServer({ cert: certificate, key }, (request, response) => {
      questions += 1;
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request;
        const made =
          status === undefined
            ? answer({ method, path, headers, body }, faults)
            : { status, body: { __type: 'KMSInternalException', errors: ['Vault is sealed'] } };
        const text = typeof made.body === 'string' ? made.body : JSON.stringify(made.body);
        if (fault !== undefined) spoilAnswer(fault, response, text, earlier);
        else response.writeHead(made.status, { connection: 'close' }).end(text);
      });
    });
    await new Promise<void>((resolve) => opened.listen(port, 'localhost', resolve));
    port = (opened.address() as AddressInfo).port;
    server = opened;
  };
  await open();
  return {
    address: `https://localhost:${port}`,
    ca: authority.certificate,
    faults,
    answerWith: (next) => {
      status = next;
    },
    questions: () => questions,
    failBy: (next) => {
      fault = next;
    },
    open,
    async shut() {
      const closing = server;
      server = undefined;
      await new Promise((resolve) => closing?.close(resolve));
    },
  };
}

interface Sealed {
  iv: string;
  tag: string;
  body: string;
}

function seal(key: Buffer, plaintext: Buffer, context: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]).toString('base64');
  const sealed: Sealed = { iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), body };
  return Buffer.from(JSON.stringify(sealed)).toString('base64');
}

function open(key: Buffer, ciphertext: string, context: string): Buffer | undefined {
  try {
    const { iv, tag, body } = JSON.parse(Buffer.from(ciphertext, 'base64').toString()) as Sealed;
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'))
      .setAAD(Buffer.from(context))
      .setAuthTag(Buffer.from(tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(body, 'base64')), decipher.final()]);
  } catch {
    return undefined;
  }
}

const isBase64 = (text: string | undefined): text is string =>
  text !== undefined && text !== '' && Buffer.from(text, 'base64').toString('base64') === text;
const isKey = (text: string | undefined): boolean =>
  isBase64(text) && Buffer.from(text, 'base64').length === 32;

export const awsCredentials = {
  AccessKeyId: 'AKIDEXAMPLE',
  SecretAccessKey: randomBytes(30).toString('base64'),
  SessionToken: randomBytes(60).toString('base64'),
};
export const awsRegion = 'eu-west-2';
export const awsKeyId = `arn:aws:kms:${awsRegion}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

/** AWS KMS with one key. Refuses as KMS does: by an error's `__type`. */
export function serveAwsKms(): Promise<KeyServer> {
  const key = randomBytes(32);
  return serve((asked, faults) => {
    const refuse = (type: string, fault?: string): Answer => {
      if (fault !== undefined) faults.push(fault);
      return { status: 400, body: { __type: type, message: fault ?? '' } };
    };
    const fault = findSignatureFault(asked, {
      accessKeyId: awsCredentials.AccessKeyId,
      secretAccessKey: awsCredentials.SecretAccessKey,
      region: awsRegion,
      service: 'kms',
    });
    if (fault !== undefined) return refuse('InvalidSignatureException', fault);
    const { headers } = asked;
    if (headers['x-amz-security-token'] !== awsCredentials.SessionToken)
      return refuse('UnrecognizedClientException', 'the session token is missing');
    if (headers['content-type'] !== 'application/x-amz-json-1.1')
      return refuse('SerializationException', 'another content type');
    if (asked.method !== 'POST' || asked.path !== '/')
      return refuse('UnknownOperationException', 'another method or path');
    const input = JSON.parse(asked.body) as Record<string, string> & {
      EncryptionContext: Record<string, string>;
    };
    // API_Encrypt: a map of texts, without which a key would open in any place.
    if (!/^\{"cordon":"[^"\\]+"\}$/.test(JSON.stringify(input.EncryptionContext)))
      return refuse('ValidationException', 'no encryption context');
    if (input['KeyId'] !== awsKeyId && input['KeyId'] !== 'alias/cordon') return refuse('NotFoundException');
    const context = JSON.stringify(input.EncryptionContext);
    const named = { KeyId: awsKeyId, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
    if (headers['x-amz-target'] === 'TrentService.Encrypt') {
      if (!isKey(input['Plaintext'])) return refuse('ValidationException', 'no key of 32 bytes in base64');
      return {
        status: 200,
        body: {
          ...named,
          CiphertextBlob: seal(key, Buffer.from(input['Plaintext'] ?? '', 'base64'), context),
        },
      };
    }
    if (headers['x-amz-target'] !== 'TrentService.Decrypt')
      return refuse('UnknownOperationException', 'an unknown target');
    const opened = open(key, input['CiphertextBlob'] ?? '', context);
    return opened === undefined
      ? refuse('InvalidCiphertextException')
      : { status: 200, body: { ...named, Plaintext: opened.toString('base64') } };
  });
}

export const vaultToken = `hvs.${randomBytes(20).toString('hex')}`;

export interface VaultServer extends KeyServer {
  /** Makes a new version of the key; the earlier ones go on opening. */
  rotate(): void;
}

/** Vault's transit engine at `transit/cordon`. */
export async function serveVault(): Promise<VaultServer> {
  const versions = [randomBytes(32)];
  const server = await serve((asked, faults) => {
    const refuse = (status: number, error: string): Answer => {
      faults.push(error);
      return { status, body: { errors: [error] } };
    };
    if (asked.headers['x-vault-token'] !== vaultToken) return refuse(403, 'permission denied');
    if (asked.headers['x-vault-request'] !== 'true') return refuse(400, 'the request header is missing');
    const [, action] = /^\/v1\/transit\/(encrypt|decrypt)\/cordon$/.exec(asked.path) ?? [];
    if (asked.method !== 'POST' || action === undefined) return refuse(404, 'no handler for route');
    const input = JSON.parse(asked.body) as Record<string, string>;
    const context = input['associated_data'] ?? '';
    if (!isBase64(context)) return refuse(400, 'no associated data in base64');
    if (action === 'encrypt') {
      if (!isKey(input['plaintext'])) return refuse(400, 'no key of 32 bytes in base64');
      const sealed = seal(
        versions.at(-1) ?? Buffer.alloc(32),
        Buffer.from(input['plaintext'] ?? '', 'base64'),
        context,
      );
      const version = versions.length;
      return {
        status: 200,
        body: { data: { ciphertext: `vault:v${version}:${sealed}`, key_version: version } },
      };
    }
    const [, version, sealed] = /^vault:v(\d+):(.+)$/.exec(input['ciphertext'] ?? '') ?? [];
    const key = versions[Number(version) - 1];
    const opened = key === undefined ? undefined : open(key, sealed ?? '', context);
    return opened === undefined
      ? { status: 400, body: { errors: ['cipher: message authentication failed'] } }
      : { status: 200, body: { data: { plaintext: opened.toString('base64') } } };
  });
  return { ...server, rotate: () => void versions.push(randomBytes(32)) };
}

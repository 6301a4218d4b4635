/** HashiCorp Vault's and OpenBao's transit engine: https://developer.hashicorp.com/vault/api-docs/secret/transit */
import { readFile } from 'node:fs/promises';
import { checkAnswers } from './check-answers.ts';
import { dataKeyLength, refuseAway, refuseUnwrap, type KeyManagement } from './key-management.ts';
import { requireHttps, sendJson, textAt } from './send-json.ts';

export interface VaultTransitOptions {
  readonly address: string;
  /** Where the engine is mounted; default `transit`. */
  readonly mount?: string | undefined;
  /** A key of type aes256-gcm96, which authenticates the context as associated data. */
  readonly keyName: string;
  /** Read again at each call: an agent renews it there. */
  readonly tokenFile: string;
  readonly namespace?: string | undefined;
  readonly ca?: string | undefined;
  /** Milliseconds for one whole answer; five thousand by default. */
  readonly timeoutMs?: number | undefined;
}

const prefix = 'transit:';
const segment = /^[A-Za-z0-9_-]+$/;
/** What a key that does not open is answered with; all others speak of the service, the permission or the network. */
const aboutTheKey = /message authentication failed|invalid ciphertext|cannot decrypt|disallowed by policy/i;

export function createVaultTransit(options: VaultTransitOptions): KeyManagement {
  const base = requireHttps(options.address, 'the address of Vault');
  const mount = options.mount ?? 'transit';

  async function call(
    action: 'encrypt' | 'decrypt',
    at: { mount: string; keyName: string },
    input: object,
  ): Promise<unknown> {
    if (![...at.mount.split('/'), at.keyName].every((part) => segment.test(part)))
      throw refuseUnwrap('a transit key has a name that cannot be a path');
    const url = new URL(`/v1/${at.mount}/${action}/${at.keyName}`, base);
    const token = await readFile(options.tokenFile, 'utf8').catch((error: unknown) => {
      throw refuseAway('the file with the Vault token cannot be read', error);
    });
    const answer = await sendJson({
      url,
      headers: {
        'content-type': 'application/json',
        'x-vault-request': 'true',
        'x-vault-token': token.trim(),
        ...(options.namespace !== undefined && { 'x-vault-namespace': options.namespace }),
      },
      body: JSON.stringify(input),
      ca: options.ca,
      timeoutMs: options.timeoutMs,
    });
    if (answer.status === 200) return answer.body;
    const detail = `Vault answered ${action} with ${answer.status}`;
    throw answer.status === 400 && aboutTheKey.test(JSON.stringify(answer.body))
      ? refuseUnwrap(detail)
      : refuseAway(detail);
  }

  return checkAnswers({
    opens: (keyId) => keyId.startsWith(prefix),
    async wrap(key, context) {
      const answer = await call(
        'encrypt',
        { mount, keyName: options.keyName },
        { plaintext: key.toString('base64'), associated_data: base64(context) },
      );
      const ciphertext = textAt(answer, 'data', 'ciphertext');
      const version = /^vault:(v\d{1,9}):/.exec(ciphertext ?? '')?.[1];
      if (ciphertext === undefined || version === undefined)
        throw refuseAway('Vault gave an incomplete answer');
      return {
        wrapped: Buffer.from(ciphertext, 'utf8'),
        keyId: `${prefix}${mount}/${options.keyName}:${version}`,
      };
    },
    async unwrap(wrapped, keyId, context) {
      const path = keyId.slice(prefix.length).replace(/:v\d+$/, '');
      const cut = path.lastIndexOf('/');
      const answer = await call(
        'decrypt',
        { mount: path.slice(0, cut), keyName: path.slice(cut + 1) },
        { ciphertext: wrapped.toString('utf8'), associated_data: base64(context) },
      );
      const key = Buffer.from(textAt(answer, 'data', 'plaintext') ?? '', 'base64');
      if (key.length !== dataKeyLength) throw refuseUnwrap('Vault answered with something that is no key');
      return key;
    },
  });
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

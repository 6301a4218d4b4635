/** AWS KMS by its JSON 1.1 protocol: https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html, API_Decrypt.html */
import { signAwsRequest } from './aws-signature.ts';
import { checkAnswers } from './check-answers.ts';
import { dataKeyLength, refuseAway, refuseUnwrap, type KeyManagement } from './key-management.ts';
import { requireHttps, sendJson, textAt } from './send-json.ts';

export interface AwsKmsOptions {
  readonly region: string;
  /** Id, ARN or alias of a symmetric key. What wrapped a key is remembered by the ARN that KMS answers with. */
  readonly keyId: string;
  /** Default `https://kms.<region>.amazonaws.com`. */
  readonly endpoint?: string | undefined;
  /**
   * JSON with AccessKeyId, SecretAccessKey and, for temporary ones, SessionToken, as `credential_process` writes them. Read
   * again at each call, so that whatever renews them need not tell.
   */
  readonly credentialsFile: string;
  readonly ca?: string | undefined;
  /** Milliseconds for one whole answer; five thousand by default. */
  readonly timeoutMs?: number | undefined;
}

const prefix = 'aws-kms:';
/** The answers that speak of the ciphertext; all others speak of the service, the permission or the network. */
const aboutTheKey = /InvalidCiphertextException|IncorrectKeyException/;

export function createAwsKms(options: AwsKmsOptions): KeyManagement {
  const url = requireHttps(
    options.endpoint ?? `https://kms.${options.region}.amazonaws.com`,
    'the address of AWS KMS',
  );

  async function call(action: 'Encrypt' | 'Decrypt', input: object): Promise<unknown> {
    const body = JSON.stringify(input);
    const headers = await signAwsRequest(
      { ...options, service: 'kms' },
      {
        method: 'POST',
        url: new URL('/', url),
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `TrentService.${action}`,
        },
        body,
      },
    );
    const answer = await sendJson({
      url,
      headers,
      body,
      ca: options.ca,
      timeoutMs: options.timeoutMs,
    });
    if (answer.status === 200) return answer.body;
    const kind = textAt(answer.body, '__type') ?? 'an unnamed error';
    const detail = `AWS KMS answered ${action} with ${answer.status}, ${kind.slice(0, 80)}`;
    throw aboutTheKey.test(kind) ? refuseUnwrap(detail) : refuseAway(detail);
  }

  return checkAnswers({
    opens: (keyId) => keyId.startsWith(prefix),
    async wrap(key, context) {
      const answer = await call('Encrypt', {
        KeyId: options.keyId,
        Plaintext: key.toString('base64'),
        EncryptionContext: { cordon: context },
      });
      const wrapped = textAt(answer, 'CiphertextBlob');
      const keyId = textAt(answer, 'KeyId');
      if (wrapped === undefined || keyId === undefined) throw refuseAway('AWS KMS gave an incomplete answer');
      return { wrapped: Buffer.from(wrapped, 'base64'), keyId: `${prefix}${keyId}` };
    },
    async unwrap(wrapped, keyId, context) {
      const answer = await call('Decrypt', {
        KeyId: keyId.slice(prefix.length),
        CiphertextBlob: wrapped.toString('base64'),
        EncryptionContext: { cordon: context },
      });
      const key = Buffer.from(textAt(answer, 'Plaintext') ?? '', 'base64');
      if (key.length !== dataKeyLength) throw refuseUnwrap('AWS KMS answered with something that is no key');
      return key;
    },
  });
}

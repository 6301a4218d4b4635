import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ServiceError } from './error.ts';
import { isLoopbackHost } from './loopback.ts';
import { certificateFile, secretFile } from './settings.ts';

/** What a process that itself serves TLS is given. Spread it into its settings, and read them with `toListenerTls`. */
export const listenerTlsSettings = {
  CORDON_TLS_CERT_FILE: certificateFile.optional(),
  CORDON_TLS_KEY_FILE: secretFile.optional(),
};

export interface ListenerTls {
  /** PEM; the listener's own certificate first, those of its authorities after it. */
  readonly cert: string;
  readonly key: string;
}

const refusal = (problem: string): ServiceError =>
  new ServiceError('settings-invalid', `The settings are not complete. ${problem}`);

/** Plaintext beyond this machine can be read by every host on the path, so it is refused. */
export const openListenerRefusal = (): ServiceError =>
  refusal('CORDON_HOST: a listener beyond loopback needs CORDON_TLS_CERT_FILE and CORDON_TLS_KEY_FILE.');

/**
 * Certificate and key, or undefined on loopback without either.
 * @throws ServiceError `settings-invalid`: one without the other, a key that is another certificate's, neither beyond loopback.
 */
export function toListenerTls(values: {
  readonly CORDON_HOST: string;
  readonly CORDON_TLS_CERT_FILE?: string | undefined;
  readonly CORDON_TLS_KEY_FILE?: string | undefined;
}): ListenerTls | undefined {
  const { CORDON_TLS_CERT_FILE: cert, CORDON_TLS_KEY_FILE: key } = values;
  if (cert === undefined && key === undefined) {
    if (!isLoopbackHost(values.CORDON_HOST)) throw openListenerRefusal();
    return undefined;
  }
  if (cert === undefined) throw refusal('CORDON_TLS_CERT_FILE: belongs together with CORDON_TLS_KEY_FILE.');
  if (key === undefined) throw refusal('CORDON_TLS_KEY_FILE: belongs together with CORDON_TLS_CERT_FILE.');
  if (!isKeyOf(cert, key))
    throw refusal('CORDON_TLS_KEY_FILE: is not the key of the certificate in CORDON_TLS_CERT_FILE.');
  return { cert, key };
}

function isKeyOf(cert: string, key: string): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

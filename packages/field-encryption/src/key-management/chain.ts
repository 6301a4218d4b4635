import { refuseUnwrap, type KeyManagement } from './key-management.ts';

/**
 * One key management in use, and those it took over from: they open what they wrapped until it is wrapped anew, and wrap
 * nothing any more. So an installation moves from a key file to a KMS, or between two, while it serves.
 */
export function chainKeyManagement(current: KeyManagement, earlier: readonly KeyManagement[]): KeyManagement {
  const all = [current, ...earlier];
  return {
    opens: (keyId) => all.some((each) => each.opens(keyId)),
    wrap: (key, context) => current.wrap(key, context),
    unwrap(wrapped, keyId, context) {
      const found = all.find((each) => each.opens(keyId));
      if (found !== undefined) return found.unwrap(wrapped, keyId, context);
      return Promise.reject(refuseUnwrap(`no key management in use opens what ${keyId} wrapped`));
    },
  };
}

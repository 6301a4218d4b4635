import { withQuery } from '@cordon/clinic-page';
import type { ReactNode } from 'react';

const RETURN_PATH = '/unlocked';

/**
 * To the sign-in service and back, in a tab of its own: the page one is on stays as it is. `factor` asks for a passkey touch or a
 * code of the person who is signed in; `sign-in` begins anew.
 */
export function ConfirmLink({
  ask,
  className,
  children,
}: {
  readonly ask: 'factor' | 'sign-in';
  readonly className: string;
  readonly children: ReactNode;
}) {
  const stepUp = ask === 'factor' ? '1' : null;
  return (
    <a
      className={className}
      href={withQuery('/auth/sign-in', { stepUp, returnTo: RETURN_PATH })}
      target="_blank"
    >
      {children}
    </a>
  );
}

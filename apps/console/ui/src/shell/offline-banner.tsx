import { useOnline } from '@cordon/clinic-page';

/** The live region is always there, so that its filling is announced. */
export function OfflineBanner() {
  const online = useOnline();
  return (
    <div role="status">
      {!online && (
        <p className="offline">You are offline. What you see may be out of date, and nothing can be sent.</p>
      )}
    </div>
  );
}

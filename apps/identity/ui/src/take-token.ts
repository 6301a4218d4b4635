/** The link's secret is in the fragment, which is sent to nobody, and is gone from the address once it was read. */
export function takeToken(): string {
  const fragment = window.location.hash.slice(1);
  if (fragment.length > 0) window.history.replaceState(null, '', window.location.pathname);
  return fragment;
}

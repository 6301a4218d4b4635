import { useMutation } from '@tanstack/react-query';
import { useSessionStore } from './session-context.ts';

/** Signs out and follows the server's answer; the whole page is left, and with it everything in memory. */
export function useSignOut() {
  const store = useSessionStore();
  return useMutation({
    mutationFn: () => store.signOut(),
    onSuccess: (destination) => {
      window.location.assign(destination);
    },
  });
}

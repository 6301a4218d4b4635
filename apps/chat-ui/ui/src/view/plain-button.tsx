import type { ReactNode } from 'react';

interface PlainButtonProps {
  /** Stays where it is while something is under way, and does nothing then: who is on it does not lose their place. */
  readonly busy?: boolean;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

export function PlainButton({ busy = false, onPress, children }: PlainButtonProps) {
  return (
    <button
      type="button"
      className="plain"
      aria-disabled={busy}
      onClick={() => {
        if (!busy) onPress();
      }}
    >
      {children}
    </button>
  );
}

import type { ReactNode } from 'react';
import { CordonMark } from '../parts/icons.tsx';

/** The bare frame of screens outside the console proper. */
export function Frame({ children }: { children: ReactNode }) {
  return (
    <div className="frame">
      <header className="frame-header">
        <p className="brand">
          <CordonMark />
          Cordon
        </p>
      </header>
      <main className="frame-main" id="main">
        {children}
      </main>
    </div>
  );
}

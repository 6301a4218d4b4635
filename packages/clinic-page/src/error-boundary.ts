import { Component, type ReactNode } from 'react';

interface ErrorBoundaryProps {
  /** Shown instead of what could not be drawn. */
  readonly fallback: ReactNode;
  readonly children: ReactNode;
}

/** A fault in drawing a page shows words and a way on, never a blank screen; what was thrown may quote a record and is not shown. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    return this.state.broken ? this.props.fallback : this.props.children;
  }
}

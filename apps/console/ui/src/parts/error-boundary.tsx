import { Component, type ReactNode } from 'react';

/** A fault in drawing a page shows words and a way on, never a blank screen; what was thrown may quote a record and is not shown. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <div className="notice notice-problem" role="alert">
        <p className="notice-title">This page could not be shown</p>
        <p>
          Nothing was changed. Load the page again; if it lasts, tell your administrator what you were doing.
        </p>
        <button
          type="button"
          className="button"
          onClick={() => {
            window.location.reload();
          }}
        >
          Load again
        </button>
      </div>
    );
  }
}

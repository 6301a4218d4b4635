import { Component, type ReactNode } from 'react';
import { Layout } from './layout.tsx';
import { PageHeading } from './page-heading.tsx';

/** A fault in drawing a page shows words and a way on, never a blank screen; what was thrown may quote a record and is not shown. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <Layout>
        <PageHeading title="Problem">Sorry, this page could not be shown</PageHeading>
        <p>
          <a href="/">Load it again</a>. If that does not help, contact your clinic.
        </p>
      </Layout>
    );
  }
}

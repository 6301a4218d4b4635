import { Layout } from './layout.tsx';
import { PageHeading } from './page-heading.tsx';

export function BrokenPage() {
  return (
    <Layout>
      <PageHeading title="Problem">Sorry, this page could not be shown</PageHeading>
      <p>
        <a href="/">Load it again</a>. If that does not help, contact your clinic.
      </p>
    </Layout>
  );
}

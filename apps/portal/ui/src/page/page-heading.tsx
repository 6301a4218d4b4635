import { type ReactNode, useEffect } from 'react';

interface PageHeadingProps {
  /** The document's title. Browsers keep titles in their history, so it never holds a person's name. */
  readonly title: string;
  readonly children: ReactNode;
}

export function PageHeading({ title, children }: PageHeadingProps) {
  useEffect(() => {
    document.title = `${title} – Patient portal`;
  }, [title]);
  return <h1 className="nhsuk-heading-xl">{children}</h1>;
}

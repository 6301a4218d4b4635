import { type ReactNode, useEffect, useRef } from 'react';
import { countMoves } from './router.ts';

interface PageHeadingProps {
  /** The document's title. Browsers keep titles in their history, so it never holds a person's name. */
  readonly title: string;
  readonly children: ReactNode;
}

/** The page's one h1. After a move inside the console it takes the focus, as a newly loaded page would. */
export function PageHeading({ title, children }: PageHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – Cordon console`;
  }, [title]);
  useEffect(() => {
    if (countMoves() > 0) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} className="page-heading">
      {children}
    </h1>
  );
}

import { useEffect, useRef, type ReactNode } from 'react';

/** The page changes without loading: the new heading takes the focus, so that nobody misses it. */
export function StepHeading({
  title,
  first = false,
  children,
}: {
  title: string;
  first?: boolean;
  children?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Cordon`;
    if (!first) heading.current?.focus();
  }, [title, first]);
  return (
    <>
      <h1 tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {children}
    </>
  );
}

const PAGES = [
  ['/', 'My record'],
  ['/treatment', 'My treatment'],
  ['/questions', 'Ask a question'],
  ['/who-has-looked', 'Who has looked'],
  ['/sessions', 'Where I am signed in'],
] as const;

/** Plain links: each page is loaded anew, and nothing of the one before stays in memory. */
export function Navigation() {
  const here = window.location.pathname;
  return (
    <nav className="page-navigation" aria-label="Portal">
      <ul className="nhsuk-width-container">
        {PAGES.map(([path, name]) => (
          <li key={path}>
            <a href={path} aria-current={path === here ? 'page' : undefined}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

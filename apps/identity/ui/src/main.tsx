import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import '../../pages/page.css';
import './steps.css';
import { Invitation } from './invitation.tsx';
import { Recover } from './recover.tsx';
import { SignIn } from './sign-in.tsx';

const pages: Readonly<Record<string, () => ReactNode>> = { '/invitation': Invitation, '/recover': Recover };
const Page = pages[window.location.pathname] ?? SignIn;

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
createRoot(root).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);

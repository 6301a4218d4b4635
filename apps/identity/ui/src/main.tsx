import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../../pages/page.css';
import { Recover } from './recover.tsx';
import { SignIn } from './sign-in.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
createRoot(root).render(
  <StrictMode>{window.location.pathname === '/recover' ? <Recover /> : <SignIn />}</StrictMode>,
);

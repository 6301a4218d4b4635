import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { meQuery } from '../api/queries.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Loading } from '../parts/states.tsx';
import { Frame } from './frame.tsx';
import { WorkplaceContext } from './workplace-context.ts';

const REMEMBERED = 'cordon.clinic';

/** The choice outlives a reload, so that a form is not sent to the wrong clinic after one; it holds an id only. */
function recallClinic(): string | null {
  try {
    return window.sessionStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

function rememberClinic(clinicId: string): void {
  try {
    window.sessionStorage.setItem(REMEMBERED, clinicId);
  } catch {
    // Storage switched off in the browser: the choice lasts until the page is loaded again.
  }
}

/** Learns who is signed in and where, and gives it to everything below. */
export function WorkplaceProvider({ children }: { children: ReactNode }) {
  const { data: me, error, isPending, refetch } = useQuery(meQuery);
  const [chosen, setChosen] = useState(recallClinic);
  if (isPending)
    return (
      <Frame>
        <Loading what="your clinics" />
      </Frame>
    );
  if (error !== null)
    return (
      <Frame>
        <h1 className="page-heading">Cordon console</h1>
        <ProblemNotice
          error={error}
          onRetry={() => {
            void refetch();
          }}
        />
      </Frame>
    );
  const clinic = me.clinics.find(({ id }) => id === chosen) ?? me.clinics[0] ?? null;
  const chooseClinic = (clinicId: string): void => {
    rememberClinic(clinicId);
    setChosen(clinicId);
  };
  return <WorkplaceContext value={{ me, clinic, chooseClinic }}>{children}</WorkplaceContext>;
}

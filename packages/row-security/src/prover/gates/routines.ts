import { type Gate, isDeclared } from './gate.ts';

/** What a policy's function may read that changes from one statement to the next. */
const context =
  /current_setting|session_user|current_user|current_role|\bnow\s*\(|statement_timestamp|pg_backend_pid/i;

/** Views and functions that see with other rights than the caller's. */
export const routineGates: readonly Gate[] = [
  {
    name: 'gate.view-invoker',
    *check({ catalog, facts }) {
      for (const view of catalog.views) {
        const reached = facts.grants.some(
          (grant) => grant.object === view.id && grant.privilege === 'SELECT',
        );
        yield view.securityInvoker || !reached
          ? { object: view.id }
          : {
              object: view.id,
              problem: view.materialized
                ? 'a materialized view holds rows of all tenants and knows no policies'
                : `it reads ${view.reads.join(', ')} with the rights of ${view.owner}`,
              fix: view.materialized
                ? `REVOKE SELECT ON ${view.sql} FROM the login roles; use a table under row security`
                : `ALTER VIEW ${view.sql} SET (security_invoker = true)`,
            };
      }
    },
  },
  {
    name: 'gate.definer-function',
    *check({ catalog, config }) {
      for (const routine of catalog.routines.filter((each) => each.definer))
        yield isDeclared(config.definerFunctions, routine.id)
          ? { object: routine.id }
          : {
              object: routine.id,
              problem: `${routine.signature} runs with the rights of ${routine.owner} and is not declared`,
              fix: `ALTER FUNCTION ${routine.signature} SECURITY INVOKER, or declare it in definerFunctions with its reason`,
            };
    },
  },
  {
    name: 'gate.definer-search-path',
    *check({ catalog }) {
      for (const routine of catalog.routines.filter((each) => each.definer)) {
        const path = routine.settings.find((each) => each.startsWith('search_path='));
        const pinned = path !== undefined && !/\$user|\bpublic\b/.test(path);
        yield routine.parsedBody || pinned || routine.language === 'c'
          ? { object: routine.id }
          : {
              object: routine.id,
              problem: `${routine.signature} resolves names by its caller's search_path`,
              fix: `ALTER FUNCTION ${routine.signature} SET search_path = pg_catalog, pg_temp, or give it a BEGIN ATOMIC body`,
            };
      }
    },
  },
  {
    name: 'gate.definer-public',
    *check({ catalog, config, facts }) {
      for (const routine of catalog.routines.filter((each) => each.definer)) {
        const callers = facts.executable.filter((each) => each.signature === routine.signature);
        const all = config.loginRoles.length > 1 && callers.length === config.loginRoles.length;
        yield all && !isDeclared(config.definerFunctions, routine.id)
          ? {
              object: routine.id,
              problem: `every login role may call ${routine.signature}`,
              fix: `REVOKE EXECUTE ON FUNCTION ${routine.signature} FROM PUBLIC`,
            }
          : { object: routine.id };
      }
    },
  },
  {
    name: 'gate.immutable-context',
    *check({ catalog }) {
      for (const routine of catalog.routines)
        yield routine.volatility === 'i' && context.test(routine.source)
          ? {
              object: routine.id,
              problem: `${routine.signature} is IMMUTABLE and reads the session: its answer is folded into plans that outlive the context`,
              fix: `ALTER FUNCTION ${routine.signature} STABLE`,
            }
          : { object: routine.id };
    },
  },
  {
    name: 'gate.leakproof',
    *check({ catalog, facts }) {
      yield { object: '*' };
      for (const name of facts.leakproof) {
        const routine = catalog.routines.find((each) => each.id === name);
        yield {
          object: name,
          problem: `${routine?.signature ?? name} is LEAKPROOF: it is evaluated before the policies`,
          fix: `ALTER FUNCTION ${routine?.signature ?? name} NOT LEAKPROOF`,
        };
      }
    },
  },
];

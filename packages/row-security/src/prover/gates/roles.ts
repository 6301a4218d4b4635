import { declarationOf } from '../field.ts';
import type { Gate } from './gate.ts';

/** Privileges that pass by row security, or that make objects. */
const beyondRows = new Set(['TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN']);

export const roleGates: readonly Gate[] = [
  {
    name: 'gate.role-posture',
    *check({ facts }) {
      for (const role of facts.roles)
        yield role.powers.length === 0
          ? { object: role.name }
          : {
              object: role.name,
              problem: `${role.name} has ${role.powers.join(', ')}`,
              fix: `ALTER ROLE ${role.name} ${role.powers.map((power) => `NO${power}`).join(' ')}`,
            };
    },
  },
  {
    name: 'gate.role-ownership',
    *check({ facts }) {
      for (const role of facts.roles)
        yield role.owns.length === 0
          ? { object: role.name }
          : {
              object: role.name,
              problem: `${role.name} owns ${role.owns.slice(0, 5).join(', ')}: an owner switches row security off`,
              fix: `ALTER TABLE ${role.owns[0] ?? ''} OWNER TO a role that cannot sign in`,
            };
    },
  },
  {
    name: 'gate.role-membership',
    *check({ facts }) {
      for (const role of facts.roles)
        yield role.memberOf.length === 0 || role.powers.includes('SUPERUSER')
          ? { object: role.name }
          : {
              object: role.name,
              problem: `${role.name} can become ${role.memberOf.join(', ')}`,
              fix: role.memberOf.map((each) => `REVOKE ${each} FROM ${role.name}`).join('; '),
            };
    },
  },
  {
    name: 'gate.temporary',
    *check({ facts }) {
      for (const role of facts.roles)
        yield facts.databaseGrants.some((grant) => grant.role === role.name && grant.privilege === 'TEMP')
          ? {
              object: role.name,
              problem: `${role.name} may make temporary tables, which outlive a request on a pooled connection`,
              fix: `REVOKE TEMPORARY ON DATABASE … FROM PUBLIC, ${role.name}`,
            }
          : { object: role.name };
    },
  },
  {
    name: 'gate.create',
    *check({ facts }) {
      for (const role of facts.roles) {
        const places = [
          ...facts.databaseGrants
            .filter((each) => each.role === role.name && each.privilege === 'CREATE')
            .map(() => 'the database'),
          ...facts.schemaCreate
            .filter((each) => each.role === role.name)
            .map((each) => `schema ${each.schema}`),
        ];
        yield places.length === 0
          ? { object: role.name }
          : {
              object: role.name,
              problem: `${role.name} may create objects in ${places.join(', ')}`,
              fix: `REVOKE CREATE ON ${places[0] ?? ''} FROM PUBLIC, ${role.name}`,
            };
      }
    },
  },
];

export const grantGates: readonly Gate[] = [
  {
    name: 'gate.public-grants',
    *check({ catalog, facts }) {
      for (const { id } of [...catalog.tables, ...catalog.views, ...catalog.sequences]) {
        const given = facts.grants.filter((grant) => grant.object === id && grant.role === 'PUBLIC');
        yield given.length === 0
          ? { object: id }
          : {
              object: id,
              problem: `PUBLIC has ${given.map((grant) => grant.privilege).join(', ')}`,
              fix: `REVOKE ALL ON ${id} FROM PUBLIC`,
            };
      }
    },
  },
  {
    name: 'gate.beyond-rows',
    *check({ catalog, config, facts }) {
      for (const { id } of catalog.tables) {
        const given = facts.grants.filter(
          (grant) =>
            grant.object === id && beyondRows.has(grant.privilege) && config.loginRoles.includes(grant.role),
        );
        yield given.length === 0
          ? { object: id }
          : {
              object: id,
              problem: `${given.map((grant) => `${grant.role} has ${grant.privilege}`).join(', ')}: policies do not apply to it`,
              fix: given.map((grant) => `REVOKE ${grant.privilege} ON ${id} FROM ${grant.role}`).join('; '),
            };
      }
    },
  },
  {
    name: 'gate.default-privileges',
    *check({ config, facts }) {
      yield { object: '*' };
      for (const given of facts.defaults)
        if (given.grantee === 'PUBLIC' || config.loginRoles.includes(given.grantee))
          yield {
            object: `${given.schema}.*`,
            problem: `tables that ${given.owner} makes are open to ${given.grantee} (${given.privilege}) before they have a policy`,
            fix: `ALTER DEFAULT PRIVILEGES FOR ROLE ${given.owner} REVOKE ${given.privilege} ON TABLES FROM ${given.grantee}`,
          };
    },
  },
  {
    name: 'gate.undeclared-access',
    *check(input) {
      const { catalog, config, facts } = input;
      for (const table of catalog.tables) {
        const open = declarationOf(input, table);
        const strangers = facts.grants.filter(
          (grant) =>
            open &&
            grant.object === table.id &&
            config.loginRoles.includes(grant.role) &&
            !open.loginRoles.includes(grant.role),
        );
        yield strangers.length === 0
          ? { object: table.id }
          : {
              object: table.id,
              problem: `${strangers.map((grant) => `${grant.role} has ${grant.privilege}`).join(', ')}, and it is declared for ${open?.loginRoles.join(', ') || 'nobody'}`,
              fix: `REVOKE ALL ON ${table.sql} FROM ${strangers[0]?.role ?? ''}`,
            };
      }
    },
  },
];

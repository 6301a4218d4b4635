import { declarationOf, rootId } from '../field.ts';
import type { Table } from '../catalog/types.ts';
import { type Gate, type GateAnswer, type GateInput, isDeclared } from './gate.ts';

/** Tables that tell tenants apart, but those that are declared to be nobody's. */
const withTenant = (input: GateInput): Table[] =>
  input.catalog.tables.filter(
    (table) => input.levels.of(table.id).has('tenant') && declarationOf(input, table) === undefined,
  );

/** Row security is on, and binds the table's owner as well. */
export const rowSecurityGates: readonly Gate[] = [
  {
    name: 'gate.row-security',
    *check(input) {
      for (const table of withTenant(input))
        yield table.rowSecurity
          ? { object: table.id }
          : problem(
              table,
              'row security is not enabled',
              `ALTER TABLE ${table.sql} ENABLE ROW LEVEL SECURITY`,
            );
    },
  },
  {
    name: 'gate.forced',
    *check(input) {
      for (const table of withTenant(input))
        yield table.forced
          ? { object: table.id }
          : problem(
              table,
              'row security does not bind the owner',
              `ALTER TABLE ${table.sql} FORCE ROW LEVEL SECURITY`,
            );
    },
  },
  {
    name: 'gate.tenant-column',
    *check(input) {
      for (const table of input.catalog.tables)
        yield input.levels.of(table.id).has('tenant') || declarationOf(input, table) !== undefined
          ? { object: table.id }
          : problem(
              table,
              `it has no column ${input.config.columns.tenant} and is not declared as a table without a tenant`,
              `ALTER TABLE ${table.sql} ADD ${input.config.columns.tenant} … NOT NULL, or declare it with its reason in withoutTenant`,
            );
    },
  },
];

/** Policies name their roles, and hang on the tenant column by pg_depend, not by their text. */
export const policyGates: readonly Gate[] = [
  {
    name: 'gate.policy-missing',
    *check(input) {
      for (const table of withTenant(input))
        yield table.policies.some((policy) => policy.permissive)
          ? { object: table.id }
          : problem(
              table,
              'it has no policy',
              `CREATE POLICY … ON ${table.sql} TO a named role USING (tenant column = verified context)`,
            );
    },
  },
  {
    name: 'gate.policy-public',
    *check({ catalog }) {
      for (const table of catalog.tables)
        for (const policy of table.policies)
          yield policy.roles.includes('public')
            ? problem(
                table,
                `policy ${policy.name} is for PUBLIC`,
                `ALTER POLICY "${policy.name}" ON ${table.sql} TO a named role`,
              )
            : { object: table.id };
    },
  },
  {
    name: 'gate.policy-tenant',
    *check(input) {
      for (const table of withTenant(input)) {
        const tenant = input.levels.of(table.id).get('tenant') ?? '';
        for (const policy of table.policies.filter((each) => each.permissive)) {
          const names = [`${table.id}: ${policy.name}`, `${rootId(input.catalog, table)}: ${policy.name}`];
          yield policy.columns.includes(tenant) ||
          names.some((name) => isDeclared(input.config.openPolicies, name))
            ? { object: table.id }
            : problem(
                table,
                `policy ${policy.name} does not depend on ${tenant}`,
                `ALTER POLICY "${policy.name}" ON ${table.sql} USING (${tenant} = (SELECT verified tenant)), or declare it in openPolicies with its reason`,
              );
        }
      }
    },
  },
];

/** Constraints look past row security, so each must carry the tenant. */
export const keyGates: readonly Gate[] = [
  {
    name: 'gate.key-tenant',
    *check(input) {
      for (const table of withTenant(input)) {
        const tenant = input.levels.of(table.id).get('tenant') ?? '';
        for (const key of table.keys)
          yield key.columns.includes(tenant) || isShared(input, table, key.name)
            ? { object: table.id }
            : problem(
                table,
                `${{ p: 'primary key', u: 'unique key', x: 'exclusion constraint' }[key.kind]} ${key.name} (${key.columns.join(', ')}) spans tenants`,
                `Make it (${[tenant, ...key.columns].join(', ')}), or declare it in sharedKeys with its reason`,
              );
        if (!table.keys.some((key) => key.kind === 'p') && table.parent === null)
          yield problem(
            table,
            'it has no primary key',
            `ALTER TABLE ${table.sql} ADD PRIMARY KEY (${tenant}, id)`,
          );
      }
    },
  },
  {
    name: 'gate.foreign-key-tenant',
    *check(input) {
      for (const table of withTenant(input)) {
        const tenant = input.levels.of(table.id).get('tenant') ?? '';
        for (const key of table.foreignKeys) {
          const target = input.levels.of(key.target).get('tenant');
          const at = key.columns.indexOf(tenant);
          yield target === undefined ||
          (at >= 0 && key.targetColumns[at] === target) ||
          isShared(input, table, key.name)
            ? { object: table.id }
            : problem(
                table,
                `foreign key ${key.name} can tie a row to another tenant's in ${key.target}`,
                `FOREIGN KEY (${[tenant, ...key.columns].join(', ')}) REFERENCES ${key.target} (${[target, ...key.targetColumns].join(', ')})`,
              );
        }
      }
    },
  },
  {
    name: 'gate.column-comment',
    *check({ catalog, config }) {
      const wanted = config.columnComment;
      if (wanted === undefined) return;
      // eslint-disable-next-line security/detect-non-literal-regexp -- a reviewed configuration's pattern, matched against comments of the same repository
      const pattern = new RegExp(wanted.pattern);
      for (const table of catalog.tables.filter(
        (each) => each.parent === null && !wanted.except.includes(each.id),
      )) {
        const wrong = table.columns.filter((column) => !pattern.test(column.comment ?? ''));
        yield wrong.length === 0
          ? { object: table.id }
          : problem(
              table,
              `columns without a data class: ${wrong.map((column) => column.name).join(', ')}`,
              `COMMENT ON COLUMN ${table.sql}."${wrong[0]?.name ?? ''}" IS a text that matches ${wanted.pattern}`,
            );
      }
    },
  },
];

const isShared = ({ config, catalog }: GateInput, table: Table, key: string): boolean =>
  isDeclared(config.sharedKeys, `${table.id}: ${key}`) ||
  (table.parent !== null && isDeclared(config.sharedKeys, `${rootId(catalog, table)}: *`)) ||
  isDeclared(config.sharedKeys, `${table.id}: *`);

function problem(table: Table, text: string, fix: string): GateAnswer {
  return { object: table.id, problem: text, fix };
}

/**
 * ESLint rule: the text of a statement is written in the source, values go as parameters. OWASP, "SQL Injection
 * Prevention Cheat Sheet", option 1. Looks at the first argument of every call of a method named `query`, at the `text`
 * of a statement object there, and through local variables to where they were put together.
 *
 * A part of a statement is accepted when no input can reach it: literals, constants made of accepted parts, numbers,
 * values whose type is a closed list of literals, and what one of the named quoting functions returns.
 */
import { AST_NODE_TYPES as kind, ESLintUtils, type TSESLint, type TSESTree } from '@typescript-eslint/utils';
import ts from 'typescript';

export type Options = [{ quoting?: readonly string[] }?];

interface Asked {
  readonly scopeOf: (node: TSESTree.Node) => TSESLint.Scope.Scope;
  readonly typeOf: (node: TSESTree.Node) => ts.Type;
  readonly quoting: ReadonlySet<string>;
}

/** Through how many variables a part is followed; deeper ones are refused. */
const deepest = 6;

export const noStringBuiltSql = ESLintUtils.RuleCreator.withoutDocs<Options, 'built'>({
  meta: {
    type: 'problem',
    messages: {
      built:
        'The text of this statement is put together from "{{part}}". Write it out and send values as parameters ($1 …).',
    },
    schema: [
      {
        type: 'object',
        additionalProperties: false,
        properties: { quoting: { type: 'array', items: { type: 'string' } } },
      },
    ],
  },
  create(context) {
    const services = ESLintUtils.getParserServices(context);
    const asked: Asked = {
      scopeOf: (node) => context.sourceCode.getScope(node),
      typeOf: (node) => services.getTypeAtLocation(node),
      quoting: new Set(context.options[0]?.quoting ?? []),
    };
    return {
      CallExpression(node) {
        const [first] = node.arguments;
        if (!isQuery(node.callee) || first === undefined) return;
        const text = textOf(first);
        const part = text && findOpenPart(asked, text, 0);
        if (part)
          context.report({
            node: part,
            messageId: 'built',
            data: { part: context.sourceCode.getText(part).slice(0, 60) },
          });
      },
    };
  },
});

function isQuery(callee: TSESTree.Expression): boolean {
  if (callee.type !== kind.MemberExpression) return false;
  const { property } = callee;
  return callee.computed
    ? property.type === kind.Literal && property.value === 'query'
    : property.type === kind.Identifier && property.name === 'query';
}

/** The statement's text where it is given on the spot: itself, or the `text` of a statement object. */
function textOf(argument: TSESTree.CallExpressionArgument): TSESTree.Node | null {
  if (argument.type !== kind.ObjectExpression) return argument;
  const text = argument.properties.find(
    (property) =>
      property.type === kind.Property &&
      property.key.type === kind.Identifier &&
      property.key.name === 'text',
  );
  return text?.type === kind.Property ? text.value : null;
}

/** The first part of a text that input could reach; null when there is none, or when the text comes whole from elsewhere. */
function findOpenPart(asked: Asked, node: TSESTree.Node, depth: number): TSESTree.Node | null {
  switch (node.type) {
    case kind.TemplateLiteral:
      return firstOpen(asked, node.expressions, depth);
    case kind.BinaryExpression:
      return node.operator === '+' ? firstOpen(asked, [node.left, node.right], depth) : node;
    case kind.ConditionalExpression:
      return findOpenPart(asked, node.consequent, depth) ?? findOpenPart(asked, node.alternate, depth);
    case kind.LogicalExpression:
      return findOpenPart(asked, node.left, depth) ?? findOpenPart(asked, node.right, depth);
    case kind.Identifier: {
      const writes = writesOf(asked, node);
      for (const { value, grows } of writes ?? []) {
        const open = grows ? firstOpen(asked, [value], depth + 1) : findOpenPart(asked, value, depth + 1);
        if (open) return open;
      }
      return null;
    }
    case kind.CallExpression:
      return joins(node) ? node : null;
    default:
      return null;
  }
}

/** `parts.join(…)` and `text.concat(…)`, `replace(…)`, `format(…)`: texts that are put together on the spot. */
function joins(node: TSESTree.CallExpression): boolean {
  const { callee } = node;
  const name =
    callee.type === kind.MemberExpression && callee.property.type === kind.Identifier
      ? callee.property.name
      : callee.type === kind.Identifier
        ? callee.name
        : '';
  return ['join', 'concat', 'replace', 'replaceAll', 'format'].includes(name);
}

const firstOpen = (asked: Asked, parts: readonly TSESTree.Node[], depth: number): TSESTree.Node | null =>
  parts.find((part) => !isClosed(asked, part, depth)) ?? null;

/** Nothing that a request brings can stand here. */
function isClosed(asked: Asked, node: TSESTree.Node, depth: number): boolean {
  if (depth > deepest) return false;
  switch (node.type) {
    case kind.Literal:
      return true;
    case kind.TemplateLiteral:
      return node.expressions.every((part) => isClosed(asked, part, depth));
    case kind.BinaryExpression:
      return node.operator === '+'
        ? isClosed(asked, node.left, depth) && isClosed(asked, node.right, depth)
        : hasClosedType(asked.typeOf(node));
    case kind.ConditionalExpression:
      return isClosed(asked, node.consequent, depth) && isClosed(asked, node.alternate, depth);
    case kind.CallExpression:
      return (
        (node.callee.type === kind.Identifier && asked.quoting.has(node.callee.name)) ||
        hasClosedType(asked.typeOf(node))
      );
    case kind.Identifier: {
      const writes = writesOf(asked, node);
      const made = writes !== null && writes.length > 0;
      return (
        (made && writes.every(({ value }) => isClosed(asked, value, depth + 1))) ||
        hasClosedType(asked.typeOf(node))
      );
    }
    default:
      return hasClosedType(asked.typeOf(node));
  }
}

/** Numbers, and lists of literals that the compiler knows in full. */
function hasClosedType(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.every(hasClosedType);
  return (
    type.isStringLiteral() ||
    type.isNumberLiteral() ||
    (type.flags & (ts.TypeFlags.Number | ts.TypeFlags.BigInt | ts.TypeFlags.BooleanLiteral)) !== 0
  );
}

interface Write {
  readonly value: TSESTree.Node;
  /** `text += …` */
  readonly grows: boolean;
}

/** Everything that is written to a local variable, or null for parameters, imports, and what is unknown. */
function writesOf(asked: Asked, node: TSESTree.Identifier): Write[] | null {
  let scope: TSESLint.Scope.Scope | null = asked.scopeOf(node);
  while (scope !== null && !scope.set.has(node.name)) scope = scope.upper;
  const variable = scope?.set.get(node.name);
  const declared = variable?.defs[0]?.node;
  if (
    variable === undefined ||
    declared?.type !== kind.VariableDeclarator ||
    declared.id.type !== kind.Identifier
  )
    return null;
  return variable.references.flatMap((reference) => {
    const value = reference.writeExpr;
    const parent = reference.identifier.parent;
    const grows = parent.type === kind.AssignmentExpression && parent.operator === '+=';
    return value ? [{ value, grows }] : [];
  });
}

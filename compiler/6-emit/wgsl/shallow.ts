/**
 * Statements whose expressions are nested no deeper than a compiler of shaders will read (Tint
 * stops at 128 levels of its parser, of which one of ours may take two): parts that are get a `let`
 * of their own.
 */
import type {
  Expression,
  Kernel,
  KernelFunction,
  Statement,
} from '../../../runtime/artifact/kernel.ts';
import { bool, local, typeOf } from '../../kernel/build.ts';
import { mapExpression, partsOf, someExpression, visitStatements } from '../../kernel/walk.ts';

type Let = Extract<Statement, { kind: 'let' }>;
type For = Extract<Statement, { kind: 'for' }>;
type While = Extract<Statement, { kind: 'while' }>;

const deepest = 32;

export function shallowKernel(kernel: Kernel): Kernel {
  const taken = new Set<string>();
  visitStatements(kernel.body, {
    statement: (s) => {
      if (s.kind === 'let' || s.kind === 'var') taken.add(s.name);
      if (s.kind === 'for') taken.add(s.variable);
    },
  });
  return { ...kernel, body: shallowStatements(kernel.body, freshNames(taken)) };
}

export function shallowFunction(f: KernelFunction): KernelFunction {
  const freshLocal = freshNames(new Set([...f.parameters, ...f.lets].map(({ name }) => name)));
  const lets: Let[] = [];
  for (const { name, value } of f.lets) {
    const shallow = shallowExpression(value, lets, freshLocal);
    lets.push({ kind: 'let', name, value: shallow });
  }
  const result = shallowExpression(f.result, lets, freshLocal);
  return { ...f, lets, result };
}

function freshNames(taken: Set<string>): () => string {
  let n = 0;
  return () => {
    do n++;
    while (taken.has(`part ${n}`));
    return `part ${n}`;
  };
}

/** `freshLocal` gives names that no local has. */
function shallowStatements(
  statements: readonly Statement[],
  freshLocal: () => string,
): readonly Statement[] {
  const inside = (block: readonly Statement[]): readonly Statement[] =>
    shallowStatements(block, freshLocal);
  return statements.flatMap((s): readonly Statement[] => {
    const lets: Let[] = [];
    const part = (e: Expression): Expression => shallowExpression(e, lets, freshLocal);
    switch (s.kind) {
      case 'let':
      case 'var':
      case 'assign': {
        const value = part(s.value);
        return [...lets, { ...s, value }];
      }
      case 'store': {
        const [index, value] = [part(s.index), part(s.value)];
        return [...lets, { ...s, index, value }];
      }
      case 'for': {
        const loop = shallowFor(s, part, lets, freshLocal);
        return [...lets, { ...loop, body: inside(s.body) }];
      }
      case 'while':
        return shallowWhile(s, inside(s.body), freshLocal);
      case 'if': {
        const condition = part(s.condition);
        const [then, otherwise] = [inside(s.then), inside(s.otherwise)];
        return [...lets, { ...s, condition, then, otherwise }];
      }
      case 'barrier':
      case 'comment':
        return [s];
    }
    s satisfies never;
  });
}

/** The expression, parts of which are now the locals that are put into `lets`. */
function shallowExpression(root: Expression, lets: Let[], freshLocal: () => string): Expression {
  const depths = new Map<Expression, number>();
  return mapExpression(root, (e) => {
    const depth = 1 + Math.max(0, ...partsOf(e).map((part) => depths.get(part) ?? 1));
    if (depth > deepest) return named(e, lets, freshLocal);
    depths.set(e, depth);
    return e;
  });
}

function named(value: Expression, lets: Let[], freshLocal: () => string): Expression {
  const name = freshLocal();
  lets.push({ kind: 'let', name, value });
  return local(name, typeOf(value));
}

/**
 * What a loop runs to does not change in it. Only the compiler of shaders cannot see that of what
 * is loaded, and would load it at every turn.
 */
function shallowFor(
  loop: For,
  part: (e: Expression) => Expression,
  lets: Let[],
  freshLocal: () => string,
): For {
  const once = (e: Expression): Expression => {
    const loads = someExpression(e, ({ kind }) => kind === 'load');
    return loads ? named(part(e), lets, freshLocal) : part(e);
  };
  return { ...loop, from: part(loop.from), to: once(loop.to), step: once(loop.step) };
}

/** A condition that needs a `let` is worked out at the end of each round for the next one. */
function shallowWhile(
  loop: While,
  body: readonly Statement[],
  freshLocal: () => string,
): readonly Statement[] {
  const before: Let[] = [];
  const first = shallowExpression(loop.condition, before, freshLocal);
  if (before.length === 0) return [{ ...loop, body }];
  const after: Let[] = [];
  const next = shallowExpression(loop.condition, after, freshLocal);
  const name = freshLocal();
  return [
    ...before,
    { kind: 'var', name, value: first },
    {
      kind: 'while',
      condition: local(name, 'bool'),
      // A block of its own for the body, so that what it declares does not reach the condition.
      body: [
        { kind: 'if', condition: bool(true), then: body, otherwise: [] },
        ...after,
        { kind: 'assign', name, value: next },
      ],
    },
  ];
}

/**
 * Statements as closures, for one invocation that runs them to their end. None of them holds a
 * barrier; those that do are in lockstep.ts.
 */
import type { Statement } from '../artifact/kernel.ts';
import { choose, loop, repeatWhile, sequence } from './control.ts';
import { compile, compileIndex, compileLanes } from './expressions.ts';
import {
  blockWithin,
  declare,
  known,
  outside,
  type Block,
  type Evaluate,
  type Memory,
  type Run,
} from './scope.ts';

type Of<Kind extends Statement['kind']> = Extract<Statement, { readonly kind: Kind }>;

/** Declares what the statement declares, for those that are compiled after it. */
export function compileStatement(block: Block, statement: Statement): Run {
  switch (statement.kind) {
    case 'let':
    case 'var': {
      const values = compileLanes(block, statement.value);
      return assign(block, declare(block, statement.name), values);
    }
    case 'assign': {
      const slot = known(block.slots.get(statement.name), `local ${statement.name}`);
      return assign(block, slot, compileLanes(block, statement.value));
    }
    case 'store':
      return compileStore(block, statement);
    case 'for':
      return compileFor(block, statement);
    case 'while': {
      const condition = compile(block, statement.condition);
      return repeatWhile(condition, compileBody(block, statement.body));
    }
    case 'if': {
      const condition = compile(block, statement.condition);
      const then = compileBody(block, statement.then);
      return choose(condition, then, compileBody(block, statement.otherwise));
    }
    case 'comment':
      return () => undefined;
    case 'barrier':
      throw new Error('a barrier that one invocation would come to alone');
  }
  return statement satisfies never;
}

function compileBody(block: Block, statements: readonly Statement[]): Run {
  const inner = blockWithin(block);
  return sequence(statements.map((statement) => compileStatement(inner, statement)));
}

function compileFor(block: Block, { variable, from, to, step, body }: Of<'for'>): Run {
  const { place } = block;
  const range = { from: compile(block, from), to: compile(block, to), step: compile(block, step) };
  const inner = blockWithin(block);
  const slot = declare(inner, variable);
  const run = compileBody(inner, body);
  return loop(range, (value) => {
    place.locals[slot] = value;
    run();
  });
}

function assign({ place }: Block, slot: number, values: readonly Evaluate[]): Run {
  const evaluate = evaluateAll(values, (lane, value) => (place.locals[slot + lane] = value));
  return () => evaluate(0);
}

function compileStore(block: Block, statement: Of<'store'>): Run {
  const { place, memories } = block;
  const memory = known(memories.get(statement.memory), `memory ${statement.memory}`);
  if (!memory.writable) throw new Error(`a store to ${memory.name}, which is only read`);
  const values = compileLanes(block, statement.value);
  const index = compileIndex(
    block,
    statement.index,
    values.length > 1 && statement.unaligned !== true,
  );
  const evaluate = evaluateAll(values, (at, value) => put(memory, place.invocation, at, value));
  return () => evaluate(index());
}

/** All lanes before the first is used: they may be made of what is replaced. */
function evaluateAll(
  values: readonly Evaluate[],
  use: (at: number, value: number) => void,
): (first: number) => void {
  const [only] = values;
  if (only !== undefined && values.length === 1) return (first) => use(first, only());
  const lanes = new Float64Array(values.length);
  return (first) => {
    for (let i = 0; i < lanes.length; i++) lanes[i] = values[i]?.() ?? 0;
    lanes.forEach((value, lane) => use(first + lane, value));
  };
}

function put(memory: Memory, invocation: number, at: number, value: number): void {
  if (at < 0 || at >= memory.length) throw outside(memory, at);
  memory.data[memory.perInvocation ? invocation * memory.length + at : at] = value;
}

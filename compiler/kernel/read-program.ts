/**
 * Reads a program in its text form: what print-program.ts has written comes back equal. Text that
 * is no program throws a CompilerBug with the line.
 */
import type { Expression, Kernel, KernelFunction } from '../../runtime/artifact/kernel.ts';
import type { ElementType } from '../../runtime/artifact/nd-array.ts';
import type {
  Dispatch,
  IdRange,
  Program,
  ProgramParameter,
  ProgramResult,
  ProgramStep,
  ProgramTensor,
} from '../../runtime/artifact/program.ts';
import type { Dim, DimTerm } from '../../runtime/artifact/size.ts';
import { typeOf } from './build.ts';
import { emptyScope, readExpression, readMemoryType, type Scope } from './read-expression.ts';
import { readColon, readFunctionAt, readKernelAt } from './read.ts';
import { Tokens } from './tokens.ts';

export function readProgram(text: string): Program {
  const tokens = new Tokens(text);
  const program = new ProgramReader(tokens).read();
  if (!tokens.atEnd) throw tokens.unexpected('the end');
  return program;
}

class ProgramReader {
  private readonly tokens: Tokens;
  /** Symbols are its sizes; `calls` holds the functions. */
  private readonly scope: Scope = emptyScope();
  private readonly tensors: ProgramTensor[] = [];
  private readonly parameters: ProgramParameter[] = [];
  private readonly results: ProgramResult[] = [];
  private readonly functions: KernelFunction[] = [];
  private readonly kernels: Kernel[] = [];
  private readonly prepare: ProgramStep[] = [];
  private readonly steps: ProgramStep[] = [];

  constructor(tokens: Tokens) {
    this.tokens = tokens;
  }

  read(): Program {
    const { tokens, scope } = this;
    tokens.expectWord('program');
    const name = tokens.name();
    tokens.expect('{');
    const symbols = this.readSymbols();
    for (const symbol of symbols) scope.sizes.add(symbol);
    tokens.expectWord('memory');
    const memory = { f32: this.readLength('f32'), i32: this.readLength('i32') };
    while (!tokens.accept('}')) this.readEntry();
    const { tensors, parameters, results, functions, kernels, prepare, steps } = this;
    return {
      format: 'gatework-program-1',
      ...{
        name,
        symbols,
        parameters,
        results,
        tensors,
        memory,
        functions,
        kernels,
        prepare,
        steps,
      },
    };
  }

  private readSymbols(): string[] {
    const symbols: string[] = [];
    if (!this.tokens.acceptWord('symbols')) return symbols;
    do symbols.push(this.tokens.name());
    while (this.tokens.accept(','));
    return symbols;
  }

  private readLength(element: 'f32' | 'i32'): Expression {
    this.tokens.expectWord(element);
    return this.readBrackets();
  }

  private readBrackets(): Expression {
    this.tokens.expect('[');
    const length = readExpression(this.tokens, this.scope);
    this.tokens.expect(']');
    return length;
  }

  private readEntry(): void {
    const { tokens } = this;
    if (tokens.acceptWord('tensor')) {
      this.tensors.push(this.readTensor());
    } else if (tokens.acceptWord('parameter')) {
      this.parameters.push(this.readParameter());
    } else if (tokens.acceptWord('result')) {
      this.results.push(this.readResult());
    } else if (tokens.atWord('function')) {
      const fn = readFunctionAt(tokens, this.scope.calls);
      this.functions.push(fn);
      const type = typeOf(fn.result);
      if (type !== 'f32x4') this.scope.calls.set(fn.name, type);
    } else if (tokens.atWord('kernel')) {
      this.kernels.push(readKernelAt(tokens));
    } else if (tokens.acceptWord('prepare')) {
      tokens.expect('{');
      while (!tokens.accept('}')) this.prepare.push(this.readStep());
    } else {
      this.steps.push(this.readStep());
    }
  }

  private readStep(): ProgramStep {
    return this.tokens.acceptWord('repeat') ? this.readRepeat() : this.readDispatch(this.scope);
  }

  private readTensor(): ProgramTensor {
    const name = readColon(this.tokens);
    const element = readMemoryType(this.tokens);
    const length = this.readBrackets();
    this.tokens.expectWord('at');
    return { name, element, length, offset: readExpression(this.tokens, this.scope) };
  }

  private readParameter(): ProgramParameter {
    const { tokens } = this;
    const name = readColon(tokens);
    const { dtype, shape } = this.readShape();
    const role = this.readRole();
    const tensor = this.readPlace();
    if (!tokens.acceptWord('ids')) return { name, role, dtype, shape, tensor };
    return { name, role, dtype, shape, tensor, ids: this.readIds() };
  }

  private readIds(): IdRange {
    const { tokens } = this;
    tokens.expectWord('below');
    const below = readDim(tokens);
    const negative = tokens.acceptWord('or');
    if (negative) tokens.expectWord('negative');
    return tokens.acceptWord('within')
      ? { below, negative, lengths: tokens.name() }
      : { below, negative };
  }

  private readRole(): ProgramParameter['role'] {
    for (const role of ['input', 'weight', 'state', 'control'] as const) {
      if (this.tokens.acceptWord(role)) return role;
    }
    throw this.tokens.unexpected('a role');
  }

  private readResult(): ProgramResult {
    const name = readColon(this.tokens);
    const { dtype, shape } = this.readShape();
    const tensor = this.readPlace();
    if (!this.tokens.acceptWord('feeds')) return { name, dtype, shape, tensor };
    return { name, dtype, shape, tensor, feeds: this.tokens.name() };
  }

  private readShape(): { dtype: ElementType; shape: Dim[] } {
    const { tokens } = this;
    for (const dtype of ['float', 'int', 'bool'] as const) {
      if (tokens.acceptWord(dtype)) {
        return { dtype, shape: tokens.list('[', ']', () => readDim(tokens)) };
      }
    }
    throw tokens.unexpected('float, int or bool');
  }

  private readPlace(): number {
    this.tokens.expectWord('in');
    return this.readTensorName();
  }

  private readTensorName(): number {
    const name = this.tokens.name();
    const position = this.tensors.findIndex((tensor) => tensor.name === name);
    if (position < 0) throw this.tokens.wrong(`there is no tensor ${name}`);
    return position;
  }

  private readRepeat(): ProgramStep {
    const { tokens, scope } = this;
    const variable = tokens.name();
    tokens.expectWord('to');
    const count = readExpression(tokens, scope);
    const inside = { ...scope, sizes: new Set(scope.sizes).add(variable) };
    const body: Dispatch[] = [];
    tokens.expect('{');
    while (!tokens.accept('}')) body.push(this.readDispatch(inside));
    return { kind: 'repeat', variable, count, body };
  }

  private readDispatch(scope: Scope): Dispatch {
    const { tokens } = this;
    tokens.expectWord('dispatch');
    const name = tokens.name();
    const kernel = this.kernels.findIndex((candidate) => candidate.name === name);
    const { buffers, sizes } = this.kernels[kernel] ?? { buffers: [], sizes: [] };
    if (kernel < 0) throw tokens.wrong(`there is no kernel ${name}`);
    const names = buffers.map((buffer) => buffer.name);
    const tensors = this.readNamed(names, () => this.readTensorName());
    const values = tokens.acceptWord('sizes')
      ? this.readNamed(sizes, () => readExpression(tokens, this.scope))
      : [];
    tokens.expectWord('groups');
    const [x, y, z, ...rest] = tokens.list('(', ')', () => readExpression(tokens, this.scope));
    if (x === undefined || y === undefined || z === undefined || rest.length > 0) {
      throw tokens.wrong('groups have three axes');
    }
    const step = tokens.acceptWord('step') ? readExpression(tokens, scope) : undefined;
    const origin = tokens.acceptWord('from') ? tokens.string() : undefined;
    return {
      ...{ kind: 'dispatch', kernel, tensors, sizes: values, groups: [x, y, z] },
      ...(step === undefined ? {} : { step }),
      ...(origin === undefined ? {} : { origin }),
    };
  }

  /** `(a: …, b: …)`, with the names that the kernel has, in its order. */
  private readNamed<T>(names: readonly string[], item: () => T): T[] {
    let position = 0;
    const items = this.tokens.list('(', ')', () => {
      const wanted = names[position++];
      if (wanted === undefined) throw this.tokens.unexpected(')');
      const name = readColon(this.tokens);
      if (name !== wanted) throw this.tokens.wrong(`expected ${wanted}, found ${name}`);
      return item();
    });
    const missing = names[position];
    if (missing !== undefined) throw this.tokens.wrong(`${missing} is missing`);
    return items;
  }
}

/** `2*D+128`. */
function readDim(tokens: Tokens): Dim {
  const terms: DimTerm[] = [];
  let constant = 0;
  do {
    const sign = tokens.accept('-') ? -1 : 1;
    const digits = tokens.digits();
    const factor = sign * Number(digits ?? 1);
    if (digits === undefined || tokens.accept('*')) {
      terms.push({ symbol: tokens.name(), coefficient: factor });
    } else {
      constant += factor;
    }
  } while (tokens.accept('+') || tokens.at('-'));
  return { constant, terms };
}

/**
 * The steps of a program as the body of a function: offsets, sizes and counts from the symbols,
 * then the kernels in their order.
 */
import type { Expression } from '../../../runtime/artifact/kernel.ts';
import type { Dispatch, Program, ProgramStep } from '../../../runtime/artifact/program.ts';
import { present } from '../../base/bug.ts';
import type { Given } from './context.ts';
import { LocalNames } from './identifiers.ts';
import { block, packed } from './lines.ts';
import { sizeText } from './size-text.ts';

export interface CalledKernel {
  readonly name: string;
  readonly given: readonly Given[];
}

export interface StepsModule {
  readonly program: Program;
  /** By position. */
  readonly kernels: readonly CalledKernel[];
  readonly help: (helper: 'min' | 'max') => void;
}

/** What the functions take before the symbols; threads are of no use here. */
const parameters = ['f32Base', 'i32Base', 'scratch', 'thread', 'threads', 'sync', 'mayWait'];

/** `(a, b, c, d, e, f, g, h) {`, and so on. */
export function stepsLines(steps: readonly ProgramStep[], module: StepsModule): string[] {
  const first = new Steps(module);
  first.lines(steps);
  return new Steps(module, first.counts).lines(steps);
}

type Base = 'f32' | 'i32' | 'scratch';

class Steps {
  private readonly module: StepsModule;
  private readonly locals = new LocalNames();
  private readonly parameters: readonly string[];
  /** In bytes as they are given, from the beginning on in elements. */
  private readonly bases: Readonly<Record<Base, string>>;
  private readonly asked = new Set<Base>();
  private names: ReadonlyMap<string, string>;
  /** What is asked for more than once, or in a loop, by its text. */
  private readonly known = new Map<string, string>();
  /** How often it is asked for, as far as that matters: a loop asks twice. */
  readonly counts = new Map<string, number>();
  private readonly expected: ReadonlyMap<string, number> | undefined;
  private isInLoop = false;

  /** `expected` are the counts as they will be. */
  constructor(module: StepsModule, expected?: ReadonlyMap<string, number>) {
    const { symbols } = module.program;
    this.module = module;
    this.expected = expected;
    this.parameters = [...parameters, ...symbols].map(() => this.locals.fresh());
    const [f32 = '', i32 = '', scratch = ''] = this.parameters;
    this.bases = { f32, i32, scratch };
    this.names = new Map(symbols.map((name, i) => [name, this.parameters[7 + i] ?? '']));
  }

  lines(steps: readonly ProgramStep[]): string[] {
    const calls = this.calls(steps);
    if (calls.length === 0) return block('()', []);
    const bases = (['f32', 'i32', 'scratch'] as const).filter((base) => this.asked.has(base));
    const elements = bases.map((base) => `${this.bases[base]} >>= 2;`);
    const values = [...this.known].map(([text, name]) => `${name} = ${text}`);
    return block(`(${this.parameters.join(', ')})`, [
      ...packed(elements),
      ...(values.length > 0 ? [`const ${values.join(', ')};`] : []),
      ...calls,
    ]);
  }

  private calls(steps: readonly ProgramStep[]): string[] {
    return steps.flatMap((step) =>
      step.kind === 'dispatch' ? [this.call(step)] : this.repeat(step),
    );
  }

  private repeat({ variable, count, body }: Extract<ProgramStep, { kind: 'repeat' }>): string[] {
    const [turn, end] = [this.locals.fresh(), this.value(count)];
    const outside = this.names;
    this.names = new Map(outside).set(variable, turn);
    this.isInLoop = true;
    const calls = body.map((dispatch) => this.call(dispatch));
    this.isInLoop = false;
    this.names = outside;
    return block(`for (let ${turn} = 0; ${turn} < ${end}; ${turn}++)`, calls);
  }

  private call(dispatch: Dispatch): string {
    const { name, given } = present(
      this.module.kernels[dispatch.kernel],
      `kernel ${dispatch.kernel}`,
    );
    return `${name}(${given.map((one) => this.argument(one, dispatch)).join(', ')});`;
  }

  private argument(given: Given, { tensors, sizes, step, groups }: Dispatch): string {
    switch (given.kind) {
      case 'arena':
        return given.element === 'f32' ? 'F' : 'I';
      case 'buffer':
        return this.address(present(tensors[given.position], `buffer ${given.position}`));
      case 'size':
        return this.value(present(sizes[given.position], `size ${given.position}`));
      case 'step':
        return step === undefined ? '0' : sizeText(step, this.names, this.module.help);
      case 'scratch':
        return this.base('scratch');
      case 'groups':
        return this.value(groups[given.axis]);
    }
    given satisfies never;
  }

  private address(tensor: number): string {
    const { element, offset } = present(this.module.program.tensors[tensor], `tensor ${tensor}`);
    const base = this.base(element);
    if (offset.kind === 'number') return offset.value === 0 ? base : `${base} + ${offset.value}`;
    return this.held(`${base} + ${sizeText(offset, this.names, this.module.help)}`);
  }

  private base(base: Base): string {
    this.asked.add(base);
    return this.bases[base];
  }

  private value(e: Expression): string {
    const text = sizeText(e, this.names, this.module.help);
    return e.kind === 'number' || e.kind === 'size' ? text : this.held(text);
  }

  /** Computed once, at the beginning, where it is asked for more than once. */
  private held(text: string): string {
    this.counts.set(text, (this.counts.get(text) ?? 0) + (this.isInLoop ? 2 : 1));
    if (this.expected?.get(text) === 1) return text;
    const name = this.known.get(text) ?? this.locals.fresh();
    this.known.set(text, name);
    return name;
  }
}

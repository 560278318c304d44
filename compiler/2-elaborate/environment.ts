/** Names in scope: parameters, inputs, intermediate results; and, inside a cell, its frame. */
import type { CellDefinition, WeightDeclaration } from '../ast/types.ts';
import type { Span } from '../base/source.ts';
import type { Shape } from '../graph/dim.ts';
import type { Value } from '../graph/types.ts';
import type { InitializerSpec } from './initializers.ts';
import type { Denotation, Tensor } from './values.ts';

export interface CellState {
  readonly previous: Tensor;
  readonly span: Span;
  next?: Tensor;
  /** True when its equation failed, which has been reported. */
  broken?: boolean;
}

/** Arguments that every layer takes, whatever its definition says. */
export interface GenericArguments {
  readonly bias: boolean;
  readonly init?: InitializerSpec;
  readonly recurrentInit?: InitializerSpec;
  readonly biasInit?: InitializerSpec;
}

/** The instance of a cell or layer that is being elaborated. */
export interface CellFrame {
  readonly definition: CellDefinition;
  readonly path: string;
  readonly direction: 'forward' | 'reverse';
  readonly generic: GenericArguments;
  readonly states: Map<string, CellState>;
  /** Names that some equation of the cell defines, whether yet or not. */
  targets: ReadonlySet<string>;
  readonly declared: Map<string, { declaration: WeightDeclaration; initializer?: InitializerSpec }>;
  /** Declared shapes, evaluated. */
  readonly shapes: Map<string, Shape>;
  /** Weights that exist already, by their local name; values of the model's graph. */
  readonly weights: Map<string, Value>;
  emitted?: Tensor;
}

export class Environment {
  private readonly names = new Map<string, Denotation>();
  private readonly parent: Environment | undefined;
  readonly frame: CellFrame | undefined;

  constructor(parent?: Environment, frame?: CellFrame) {
    this.parent = parent;
    this.frame = frame ?? parent?.frame;
  }

  lookup(name: string): Denotation | undefined {
    return this.names.get(name) ?? this.parent?.lookup(name);
  }

  define(name: string, value: Denotation): void {
    this.names.set(name, value);
  }

  has(name: string): boolean {
    return this.lookup(name) !== undefined;
  }

  /** Every name in scope, for hints. */
  all(): string[] {
    return [...this.names.keys(), ...(this.parent?.all() ?? [])];
  }
}

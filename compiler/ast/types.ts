/**
 * What a spec says, with spans. The three surfaces (a pipeline in quotes, a .gate file, YAML) meet
 * here: the same spec gives the same tree up to spans. Names are canonical (see 1-parse): `σ` and
 * `sigmoid`, `c̃` and `c~`, `Γu` and `Gu` are one name, spelled as in the Greek form.
 */
import type { Span } from '../base/source.ts';

export interface SourceFile {
  readonly kind: 'file';
  readonly imports: readonly Import[];
  readonly definitions: readonly Definition[];
  readonly comments: readonly Comment[];
  readonly span: Span;
}

/** `# text`; attached to nothing, placed again by `fmt` from its span. */
export interface Comment {
  /** Without the `#` and the white space around. */
  readonly text: string;
  /** True when code stands before it on its line. */
  readonly trailing: boolean;
  readonly span: Span;
}

/** A name where it is written. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}

/** `import "./cells.gate"` takes all definitions; `import { a, b } from "./cells.gate"` some. */
export interface Import {
  readonly kind: 'import';
  readonly path: Name;
  readonly names?: readonly Name[];
  readonly span: Span;
}

export type Definition = ModelDefinition | CellDefinition;

/**
 * A bare pipeline is a model named `main` whose one statement is an output `y` from input `x`; its
 * value is the expression as written (`lstm(8) -> softmax`, no `x` put before it).
 */
export interface ModelDefinition {
  readonly kind: 'model';
  readonly name: Name;
  readonly parameters: readonly Parameter[];
  readonly statements: readonly ModelStatement[];
  /** True for a spec that is a pipeline in quotes (or the same as a file or in YAML). */
  readonly bare: boolean;
  readonly span: Span;
}

/**
 * `cell` steps through time and may have states; `layer` maps its whole input; `optimizer` steps
 * once per update over one weight (`w`, gradient `g`, step `k`, `rate`); `schedule` gives the
 * learning rate at step `k`.
 */
export interface CellDefinition {
  readonly kind: 'cell';
  readonly flavour: 'cell' | 'layer' | 'optimizer' | 'schedule';
  readonly name: Name;
  readonly parameters: readonly Parameter[];
  readonly statements: readonly CellStatement[];
  readonly span: Span;
}

/** `classes = 2`; without a default the argument must be given. */
export interface Parameter {
  readonly name: Name;
  readonly value?: Expression;
  readonly span: Span;
}

export type ModelStatement =
  InputDeclaration | WeightDeclaration | Binding | LossDeclaration | TrainDeclaration;

export type CellStatement =
  | InputDeclaration
  | StateDeclaration
  | WeightDeclaration
  | Equation
  | Emit
  | Condition
  | LayoutDeclaration;

/** `input tokens: words(10_000)[T]`. In a layer or cell it constrains the incoming value `x`. */
export interface InputDeclaration {
  readonly kind: 'input';
  readonly name: Name;
  readonly type: InputType;
  readonly span: Span;
}

/**
 * `float[T, D]` (also written `[T, D]`), `words(V)[T]`, `characters(V)[T]`, `class(n)`,
 * `ids(n)[T]`. `size` is the argument in parentheses; `shape` leaves out the batch axis.
 */
export interface InputType {
  readonly element: Name;
  readonly size?: Expression;
  readonly shape: readonly Expression[];
  readonly span: Span;
}

/** `state c: [n], h: [n]` gives one declaration each. */
export interface StateDeclaration {
  readonly kind: 'state';
  readonly name: Name;
  readonly shape?: readonly Expression[];
  readonly span: Span;
}

/** `weight p: [n] = zeros`; shape and initializer may each be left out. */
export interface WeightDeclaration {
  readonly kind: 'weight';
  readonly name: Name;
  readonly shape?: readonly Expression[];
  readonly initializer?: Expression;
  readonly span: Span;
}

/** In a model: `hidden = …` or `output names = …`. */
export interface Binding {
  readonly kind: 'binding';
  readonly output: boolean;
  readonly name: Name;
  readonly value: Expression;
  readonly span: Span;
}

/** `loss crossEntropy(names, label)`. */
export interface LossDeclaration {
  readonly kind: 'loss';
  readonly value: Expression;
  readonly span: Span;
}

/** `train adam(rate = 0.002), batch = 32, epochs = 10`: an optimizer and named settings. */
export interface TrainDeclaration {
  readonly kind: 'train';
  readonly optimizer?: Expression;
  readonly settings: readonly Argument[];
  readonly span: Span;
}

/** In a cell: `Γu = σ(…)`, `c<t> = …`. */
export interface Equation {
  readonly kind: 'equation';
  readonly target: Name;
  /** True for `c<t> = …`, false for `c = …`. */
  readonly timed: boolean;
  readonly value: Expression;
  readonly span: Span;
}

export interface Emit {
  readonly kind: 'emit';
  readonly value: Expression;
  readonly span: Span;
}

/** `if reset == after { … } else { … }`, decided when the cell is elaborated. */
export interface Condition {
  readonly kind: 'if';
  readonly test: Expression;
  readonly then: readonly CellStatement[];
  readonly otherwise: readonly CellStatement[];
  readonly span: Span;
}

/**
 * `layout pytorch(gates = [Wi, Wf, Wc, Wo], biases = [bi, bf, bc, bo], states = [h, c])`: how a
 * foreign weight format stacks this cell's weights.
 */
export interface LayoutDeclaration {
  readonly kind: 'layout';
  readonly format: Name;
  readonly settings: readonly Argument[];
  readonly span: Span;
}

export type Expression =
  | NumberLiteral
  | StringLiteral
  | Reference
  | Timed
  | Unary
  | Binary
  | Call
  | Product
  | List
  | Pipeline
  | Broken;

export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
  readonly span: Span;
}

export interface StringLiteral {
  readonly kind: 'string';
  readonly value: string;
  readonly span: Span;
}

/** A name that stands alone: a parameter, a value, a weight, a function, or a word (`after`). */
export interface Reference {
  readonly kind: 'reference';
  readonly name: string;
  readonly span: Span;
}

/** `c<t-1>` has offset -1, `x<t>` offset 0, `text<t+1>` offset 1. */
export interface Timed {
  readonly kind: 'timed';
  readonly name: Name;
  readonly offset: number;
  readonly span: Span;
}

export interface Unary {
  readonly kind: 'unary';
  readonly operator: '-';
  readonly operand: Expression;
  readonly span: Span;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '^' | '==' | '!=' | '<' | '<=' | '>' | '>=';

export interface Binary {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

/** `lstm(128, depth = 2)`, `σ(z)`, `embed(32)`. */
export interface Call {
  readonly kind: 'call';
  readonly callee: Name;
  readonly arguments: readonly Argument[];
  readonly span: Span;
}

export interface Argument {
  readonly name?: Name;
  readonly value: Expression;
  readonly span: Span;
}

/** `Wu[c<t-1>, x<t>]`: the stacked product `[Wc | Wx] [c; x]`. */
export interface Product {
  readonly kind: 'product';
  readonly weight: Name;
  readonly operands: readonly Expression[];
  readonly span: Span;
}

/** `[bi, bf]`: only as an argument. */
export interface List {
  readonly kind: 'list';
  readonly items: readonly Expression[];
  readonly span: Span;
}

/** `tokens -> embed(128) -> softmax`: at least two stages. */
export interface Pipeline {
  readonly kind: 'pipeline';
  readonly stages: readonly Expression[];
  readonly span: Span;
}

/**
 * Stands where an expression was missing or could not be read; its diagnostic has been given, so
 * later phases say nothing more about it. Never in the tree of a spec without errors.
 */
export interface Broken {
  readonly kind: 'broken';
  readonly span: Span;
}

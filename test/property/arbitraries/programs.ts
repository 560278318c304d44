/** Random programs that the verifier accepts: each tensor in a place of its own. */
import type * as fc from 'fast-check';
import type { Expression, Kernel, MemoryType } from '../../../runtime/artifact/kernel.ts';
import type {
  Dispatch,
  Program,
  ProgramParameter,
  ProgramResult,
  ProgramStep,
  ProgramTensor,
} from '../../../runtime/artifact/program.ts';
import type { Dim } from '../../../runtime/artifact/size.ts';
import { Draw, drawFunctions, drawKernel, tapes } from './kernels.ts';

export const programs: fc.Arbitrary<Program> = tapes.map((tape) => drawProgram(new Draw(tape)));

const int = (value: number): Expression => ({ kind: 'number', type: 'i32', value });
const binary = (op: 'add' | 'mul' | 'div' | 'min', x: Expression, y: Expression): Expression => ({
  ...{ kind: 'binary', op, x, y, type: 'i32' },
});

export function drawProgram(draw: Draw): Program {
  const name = draw.name();
  const symbols = draw.times(3, () => draw.name());
  const functions = drawFunctions(draw);
  const kernels = [
    drawKernel(draw, functions),
    ...draw.times(2, () => drawKernel(draw, functions)),
  ];
  const layout = new Layout(draw, symbols);
  const all = kernels.flatMap((kernel, i) => drawSteps(draw, symbols, kernel, i, layout));
  const prepared = draw.below(all.length + 1);
  const [prepare, steps] = [all.slice(0, prepared), all.slice(prepared)];
  const parameters = draw.times(3, () => drawParameter(draw, symbols, layout));
  const results = draw.times(3, () => drawResult(draw, symbols, layout, parameters));
  const { tensors, memory } = layout;
  return {
    format: 'gatework-program-1',
    ...{ name, symbols, parameters, results, tensors, memory, functions, kernels, prepare, steps },
  };
}

/** Tensors one after another, each of its arena. */
class Layout {
  readonly tensors: ProgramTensor[] = [];
  readonly memory: Record<MemoryType, Expression> = { f32: int(0), i32: int(0) };
  private readonly draw: Draw;
  private readonly symbols: readonly string[];

  constructor(draw: Draw, symbols: readonly string[]) {
    this.draw = draw;
    this.symbols = symbols;
  }

  add(element: MemoryType): number {
    const offset = this.memory[element];
    const length = drawSize(this.draw, this.symbols, 2);
    const rounded = binary('mul', binary('div', binary('add', length, int(3)), int(4)), int(4));
    this.memory[element] = binary('add', offset, rounded);
    return this.tensors.push({ name: this.draw.name(), element, length, offset }) - 1;
  }
}

function drawSize(draw: Draw, names: readonly string[], depth: number): Expression {
  if (depth === 0 || draw.below(2) === 0) {
    const sizes = names.map((name): Expression => ({ kind: 'size', name }));
    return draw.pick([int(draw.below(100)), ...sizes]);
  }
  const op = draw.pick(['add', 'mul', 'min'] as const);
  return binary(op, drawSize(draw, names, depth - 1), drawSize(draw, names, depth - 1));
}

function drawSteps(
  draw: Draw,
  symbols: readonly string[],
  kernel: Kernel,
  position: number,
  layout: Layout,
): ProgramStep[] {
  const dispatch = (names: readonly string[]): Dispatch => ({
    ...{ kind: 'dispatch', kernel: position },
    tensors: kernel.buffers.map(({ element }) => layout.add(element)),
    sizes: kernel.sizes.map(() => drawSize(draw, symbols, 2)),
    groups: [drawSize(draw, symbols, 1), drawSize(draw, symbols, 1), int(1)],
    step: drawSize(draw, names, 1),
    ...(draw.below(2) === 0 ? {} : { origin: draw.pick(['std/lstm.gate:7:13 lstm.l0', '"', '']) }),
  });
  if (draw.below(2) === 0) return [dispatch(symbols)];
  const variable = draw.name();
  const body = [dispatch([...symbols, variable]), ...draw.times(2, () => dispatch(symbols))];
  return [{ kind: 'repeat', variable, count: drawSize(draw, symbols, 1), body }];
}

function drawDim(draw: Draw, symbols: readonly string[]): Dim {
  const terms = symbols
    .filter(() => draw.below(2) === 1)
    .map((symbol) => ({ symbol, coefficient: draw.pick([1, 2, -1, -3]) }));
  return { constant: draw.pick([0, 7, -2]), terms };
}

function drawShaped(draw: Draw, symbols: readonly string[], layout: Layout) {
  const dtype = draw.pick(['float', 'int', 'bool'] as const);
  const shape = draw.times(3, () => drawDim(draw, symbols));
  return { dtype, shape, tensor: layout.add(dtype === 'float' ? 'f32' : 'i32') };
}

function drawParameter(draw: Draw, symbols: readonly string[], layout: Layout): ProgramParameter {
  const role = draw.pick(['input', 'weight', 'state', 'control'] as const);
  const name = draw.name();
  const shaped = drawShaped(draw, symbols, layout);
  if (shaped.dtype !== 'int' || draw.below(2) === 0) return { name, role, ...shaped };
  const below = drawDim(draw, symbols);
  const negative = draw.below(2) === 1;
  const ids = draw.below(2) === 0 ? { below, negative } : { below, negative, lengths: name };
  return { name, role, ...shaped, ids };
}

function drawResult(
  draw: Draw,
  symbols: readonly string[],
  layout: Layout,
  parameters: readonly ProgramParameter[],
): ProgramResult {
  const fed = draw.below(2) === 0 ? undefined : parameters[draw.below(3)];
  const name = draw.name();
  if (fed === undefined) return { name, ...drawShaped(draw, symbols, layout) };
  return { name, dtype: fed.dtype, shape: fed.shape, tensor: fed.tensor, feeds: fed.name };
}

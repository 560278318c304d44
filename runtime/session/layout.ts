/**
 * A program made concrete for one binding of its symbols: where each tensor lies, how large memory
 * is, and one flat list of dispatches with the loops over time unrolled. Pure; every runner starts
 * from it, so that all of them do the same work on the same places.
 */
import { allSteps, type Dispatch, type Program } from '../artifact/program.ts';
import { evaluateSize, type Bindings } from '../artifact/size.ts';

export interface ConcreteDispatch {
  /** By position in the program, as are the tensors that its buffers stand for. */
  readonly kernel: number;
  readonly tensors: readonly number[];
  /** Values of the kernel's sizes. */
  readonly sizes: readonly number[];
  /** The time step; 0 where the dispatch has none. */
  readonly step: number;
  /** Workgroups along each axis, none of them 0. */
  readonly groups: readonly [number, number, number];
  readonly origin?: string;
}

export interface Layout {
  /** By tensor, in elements from the start of its arena. */
  readonly offsets: readonly number[];
  /** By tensor, in elements. */
  readonly lengths: readonly number[];
  /** Elements of each arena. */
  readonly memory: { readonly f32: number; readonly i32: number };
  /** Of both arenas together. */
  readonly bytes: number;
  /** In the order in which they take effect. */
  readonly dispatches: readonly ConcreteDispatch[];
}

/** The layout under these bindings. A symbol without a value is an Error that names it. */
export function layOut(program: Program, bindings: Bindings): Layout {
  const f32 = evaluateSize(program.memory.f32, bindings);
  const i32 = evaluateSize(program.memory.i32, bindings);
  return {
    offsets: program.tensors.map((tensor) => evaluateSize(tensor.offset, bindings)),
    lengths: program.tensors.map((tensor) => evaluateSize(tensor.length, bindings)),
    memory: { f32, i32 },
    bytes: 4 * (f32 + i32),
    dispatches: unroll(program, bindings),
  };
}

function unroll(program: Program, bindings: Bindings): readonly ConcreteDispatch[] {
  const dispatches: ConcreteDispatch[] = [];
  const add = (dispatch: Dispatch, values: Bindings): void => {
    const concrete = bind(dispatch, values);
    if (concrete.groups.every((count) => count > 0)) dispatches.push(concrete);
  };
  for (const step of allSteps(program)) {
    switch (step.kind) {
      case 'dispatch':
        add(step, bindings);
        break;
      case 'repeat': {
        const count = evaluateSize(step.count, bindings);
        for (let i = 0; i < count; i++) {
          const values = new Map(bindings).set(step.variable, i);
          for (const dispatch of step.body) add(dispatch, values);
        }
        break;
      }
      default:
        step satisfies never;
    }
  }
  return dispatches;
}

function bind(dispatch: Dispatch, values: Bindings): ConcreteDispatch {
  const { kernel, tensors, step, origin } = dispatch;
  const [x, y, z] = dispatch.groups;
  return {
    kernel,
    tensors,
    sizes: dispatch.sizes.map((size) => evaluateSize(size, values)),
    step: step === undefined ? 0 : evaluateSize(step, values),
    groups: [evaluateSize(x, values), evaluateSize(y, values), evaluateSize(z, values)],
    ...(origin === undefined ? {} : { origin }),
  };
}

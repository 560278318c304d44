/**
 * A program as the text of an ES module, for pages whose policy allows neither WebAssembly nor code
 * made from text. It exports `instantiate(memory)`, which gives `prepare` and `run` on an
 * ArrayBuffer. Both take what those of the WebAssembly module take (6-emit/wasm/emit.ts) and give
 * the same bits as its scalar form.
 */
import type { Dispatch, Program } from '../../../runtime/artifact/program.ts';
import type { Helper } from './context.ts';
import { functionLines, functionNamed } from './functions.ts';
import { kernelText, type Axis } from './kernels.ts';
import { block, compacted, indented } from './lines.ts';
import { headLines } from './module-head.ts';
import { remembered, type Shared } from './new-context.ts';
import { stepsLines, type CalledKernel } from './steps.ts';
import { Texts } from './texts.ts';
import { unmerged } from './unmerged.ts';

export interface JsOptions {
  /** With spaces, and above each function the names of what it was made of. */
  readonly readable?: boolean;
}

/**
 * The text holds nothing of the names in the program, unless it is `readable`; then they are in
 * comments alone, and only letters, digits and a few marks of them.
 */
export function emitJs(whole: Program, { readable = false }: JsOptions = {}): string {
  const program = unmerged(whole);
  const helpers = new Set<Helper>();
  const help = (helper: Helper): void => void helpers.add(helper);
  const functions = new Texts('f');
  const named = functionNamed(program.functions);
  let room = 0;
  const shared: Shared = {
    help,
    aside: (length) => {
      room = Math.max(room, length);
      return 'T';
    },
    function: remembered((name: string): string =>
      functions.add(name, functionLines(named(name), shared)),
    ),
  };
  const kernels = new Texts('k');
  const axes = axesOf(program);
  const called = program.kernels.map((kernel, position): CalledKernel => {
    const { lines, given } = kernelText(kernel, axes[position] ?? [], shared);
    return { name: kernels.add(kernel.name, lines), given };
  });
  const steps = (name: 'prepare' | 'run'): string[] => {
    const of = name === 'prepare' ? program.prepare : program.steps;
    const [head = '', ...rest] = stepsLines(of, { program, kernels: called, help });
    const lines = [name + head, ...rest];
    return [...lines.slice(0, -1), `${lines.at(-1) ?? ''},`];
  };
  const instance = block('return', [...steps('prepare'), ...steps('run')]);
  const lines = [
    ...headLines(helpers, room),
    ...functions.lines(readable),
    ...kernels.lines(readable),
    'export function instantiate(memory) {',
    ...indented(['const F = new Float32Array(memory), I = new Int32Array(memory);', ...instance]),
    '}',
  ];
  return readable ? [...lines, ''].join('\n') : compacted(lines);
}

/** By kernel, the axes along which some dispatch may have more or less than one workgroup. */
function axesOf({ kernels, prepare, steps }: Program): readonly (readonly Axis[])[] {
  const axes = kernels.map(() => new Set<Axis>());
  const look = ({ kernel, groups }: Dispatch): void => {
    for (const axis of [0, 1, 2] as const) {
      const e = groups[axis];
      if (e.kind !== 'number' || e.value !== 1) axes[kernel]?.add(axis);
    }
  };
  for (const step of [...prepare, ...steps]) {
    if (step.kind === 'dispatch') look(step);
    else for (const dispatch of step.body) look(dispatch);
  }
  return axes.map((set) => [...set].sort());
}

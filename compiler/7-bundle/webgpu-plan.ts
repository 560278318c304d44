/**
 * A program for a GPU and its kernels as the source of a `WebgpuPlan`
 * (runtime/bundle/webgpu-engine.ts): all that is left of it are functions of the open sizes.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import { allSteps, type Dispatch, type Program } from '../../runtime/artifact/program.ts';
import { longestLine, recordBytes } from '../../runtime/artifact/records.ts';
import type { ShaderModule } from '../../runtime/artifact/shaders.ts';
import { CompilerBug, present } from '../base/bug.ts';
import { placesSource, sizeNames, tensorAt } from './places-source.ts';
import { sizeCode } from './size-code.ts';

export function webgpuPlanSource(program: Program, { code, entries }: ShaderModule): string {
  const { parameters } = sizeNames(program.symbols);
  return `{
  name: ${JSON.stringify(program.name)},
  code: ${JSON.stringify(code)},
  kernels: ${new Set(entries).size},
  record: ${recordBytes(program)},
  ${placesSource(program, '0')}
  dispatches: (${parameters}) => {
    ${dispatchesSource(program, entries)}
  },
}`;
}

function dispatchesSource(program: Program, entries: readonly string[]): string {
  const { names } = sizeNames(program.symbols);
  const starts = startsOf(program, names);
  const one = (dispatch: Dispatch, values: ReadonlyMap<string, string>): string => {
    const entry = present(entries[dispatch.kernel], `kernel ${dispatch.kernel}`);
    const words = [
      entry.replace(/^k/, ''),
      dispatch.step === undefined ? '0' : sizeCode(dispatch.step, values),
      sizeCode(groupsOf(dispatch), values),
      ...dispatch.tensors.map((tensor) => present(starts.code.get(tensor), `tensor ${tensor}`)),
      ...dispatch.sizes.map((size) => sizeCode(size, values)),
    ];
    return `[${words.join(', ')}]`;
  };
  const steps = allSteps(program).map((step) => {
    if (step.kind === 'dispatch') return one(step, names);
    const turns = new Map([...names, [step.variable, 't']]);
    const body = step.body.map((dispatch) => one(dispatch, turns)).join(', ');
    return `...Array.from({ length: ${sizeCode(step.count, names)} }, (_, t) => [${body}]).flat()`;
  });
  return `${starts.lets.join('\n    ')}
    return [
      ${steps.join(',\n      ')},
    ];`;
}

/** Where each tensor begins: numbers, and names of what is computed once. */
function startsOf(
  program: Program,
  names: ReadonlyMap<string, string>,
): { readonly lets: readonly string[]; readonly code: ReadonlyMap<number, string> } {
  const code = new Map<number, string>();
  const known = new Map<string, string>();
  for (const tensor of program.tensors.keys()) {
    const { offset } = tensorAt(program, tensor);
    const text = sizeCode(offset, names);
    if (offset.kind === 'number') code.set(tensor, text);
    else code.set(tensor, known.get(text) ?? `o${known.size}`);
    if (offset.kind !== 'number' && !known.has(text)) known.set(text, `o${known.size}`);
  }
  return { code, lets: [...known].map(([text, name]) => `const ${name} = ${text};`) };
}

/** How many workgroups lie in lines below each other, as all grids of a GPU do. */
function groupsOf({ groups: [x, y, z] }: Dispatch): Expression {
  const isOne = (e: Expression): boolean => e.kind === 'number' && e.value === 1;
  const isLine = (e: Expression): boolean => e.kind === 'number' && e.value === longestLine;
  if (x.kind === 'binary' && x.op === 'min' && isLine(x.y) && isOne(z)) return x.x;
  if (x.kind === 'number' && x.value <= longestLine && isOne(y) && isOne(z)) return x;
  throw new CompilerBug('bundle', 'the grid of a dispatch is no plane of lines');
}

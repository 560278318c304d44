/**
 * A kernel as a function of what it turns out to need: the arenas, where its buffers begin, sizes,
 * the time step, workgroups along the axes that have more than one. It does the workgroups of a
 * dispatch one after another.
 */
import type {
  Kernel,
  KernelArray,
  MemoryType,
  Statement,
} from '../../../runtime/artifact/kernel.ts';
import { arrayBytes, arraysOf } from '../../../runtime/artifact/scratch.ts';
import { CompilerBug, present } from '../../base/bug.ts';
import { freshNames, namesIn } from '../../kernel/fresh-names.ts';
import { scalarStatements } from '../../kernel/scalar-form.ts';
import { withUniqueNames } from '../../kernel/unique-names.ts';
import type { Context, Given, Place } from './context.ts';
import { withFewerLets } from '../../kernel/fewer-lets.ts';
import { parameterNames } from './identifiers.ts';
import { laneLoops } from './lane-loops.ts';
import { block } from './lines.ts';
import { newContext, type Shared } from './new-context.ts';
import { settled, sumOf, textAt, type Piece } from './pieces.ts';
import { level } from './levels.ts';
import { numberPiece } from './numbers.ts';
import { rerolled } from './rerolled.ts';
import { rowsOneByOne } from './rows-one-by-one.ts';
import { statementLines } from './statements.ts';
import { tidied } from './tidied.ts';

export type Axis = 0 | 1 | 2;

export interface KernelText {
  /** `(F, a, b) {`, and so on: equal where kernels differ by nothing but names. */
  readonly lines: readonly string[];
  /** What each parameter stands for. */
  readonly given: readonly Given[];
}

const arenas = { f32: 'F', i32: 'I' } as const;

/** Memory ends below 2 GiB, which are so many elements. */
const mostElements = 2 ** 29;

/** `axes` are those along which some dispatch has more than one workgroup. */
export function kernelText(kernel: Kernel, axes: readonly Axis[], shared: Shared): KernelText {
  if (kernel.workgroup.some((count) => count !== 1)) {
    const invocations = kernel.workgroup.join(' x ');
    throw new CompilerBug('js', `${kernel.name} has workgroups of ${invocations} invocations`);
  }
  const { statements, aside } = scalarBody(kernel, axes);
  const plain = newContext(shared);
  const fresh = parameterNames();
  const parameters = new Map<string, { readonly name: string; readonly given: Given }>();
  const give = (given: Given): string => {
    const key = JSON.stringify(given);
    const name = given.kind === 'arena' ? arenas[given.element] : undefined;
    const parameter = parameters.get(key) ?? { name: name ?? fresh(), given };
    parameters.set(key, parameter);
    return parameter.name;
  };
  const groups = new Map(axes.map((axis) => [axis, plain.names.fresh()]));
  const context: Context = {
    ...plain,
    place: placesOf(kernel, aside, give, shared),
    size: (name) => settled(give({ kind: 'size', position: kernel.sizes.indexOf(name) })),
    step: () => settled(give({ kind: 'step' })),
    workgroup: (axis) => {
      const name = groups.get(axis);
      return name === undefined ? numberPiece('i32', 0) : settled(name);
    },
  };
  let body = [...clearedLines(kernel, context), ...statementLines(statements, context)];
  // The first axis counts fastest.
  for (const [axis, name] of groups) {
    const count = give({ kind: 'groups', axis });
    body = block(`for (let ${name} = 0; ${name} < ${count}; ${name}++)`, body);
  }
  const all = [...parameters.values()].sort((x, y) => order(x.given) - order(y.given));
  return {
    lines: block(`(${all.map(({ name }) => name).join(', ')})`, body),
    given: all.map(({ given }) => given),
  };
}

/** Without f32x4. `aside` is memory that it needs beside the kernel's own. */
function scalarBody(
  kernel: Kernel,
  axes: readonly Axis[],
): {
  readonly statements: readonly Statement[];
  readonly aside: KernelArray | undefined;
} {
  const fresh = freshNames([...namesIn(kernel.body), ...kernel.sizes]);
  const unique = { ...kernel, body: tidied(withUniqueNames(kernel.body, fresh), axes) };
  const { body, aside } = laneLoops(unique, fresh);
  const constant = new Set(kernel.buffers.flatMap((b) => (b.access === 'read' ? [b.name] : [])));
  const fewer = withFewerLets(scalarStatements(body, fresh), constant);
  return { statements: withFewerLets(rowsOneByOne(rerolled(fewer, fresh)), constant), aside };
}

/** Arenas come first; all others as the text asks for them. */
function order(given: Given): number {
  return given.kind === 'arena' ? (given.element === 'f32' ? 0 : 1) : 2;
}

function placesOf(
  kernel: Kernel,
  aside: KernelArray | undefined,
  give: (given: Given) => string,
  { aside: makeRoom }: Shared,
): (memory: string) => Place {
  const at = (given: Given) => (): Piece => settled(give(given), level.primary, mostElements);
  const arena = (element: MemoryType) => (): string => give({ kind: 'arena', element });
  const places = new Map<string, Place>();
  kernel.buffers.forEach(({ name, element }, position) => {
    const base = at({ kind: 'buffer', position });
    places.set(name, { array: arena(element), base, offset: 0 });
  });
  let offset = 0;
  for (const array of arraysOf(kernel)) {
    const { name, element } = array;
    places.set(name, { array: arena(element), base: at({ kind: 'scratch' }), offset });
    offset += arrayBytes(array) / 4;
  }
  if (aside !== undefined) {
    places.set(aside.name, { array: () => makeRoom(aside.length), offset: 0 });
  }
  return (memory) => present(places.get(memory), `memory ${memory}`);
}

/** Registers are 0 at first. */
function clearedLines({ registers }: Kernel, { place }: Context): string[] {
  return registers.map(({ name, length }) => {
    const { array, base, offset } = place(name);
    const begin = present(base, `where ${name} begins`)();
    const [from, to] = [offset, offset + length].map((at) =>
      textAt(sumOf(begin, '+', numberPiece('i32', at)), level.assignment),
    );
    return `${array()}.fill(0, ${from}, ${to});`;
  });
}

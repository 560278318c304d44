/** Makes equal functions one, as both directions of a layer often are. */
import { op } from '../opcodes.ts';
import { toInstructions } from './to-tree.ts';
import { localOf, visit, type FunctionTree } from './tree.ts';

/** Returns the functions that are left, by number; calls go to them. */
export function mergeEqual(
  functions: ReadonlyMap<number, FunctionTree>,
  fixed: ReadonlySet<number>,
): ReadonlyMap<number, FunctionTree> {
  let left = functions;
  // Functions may be equal once what they call is one.
  for (let before = Infinity; left.size < before;) {
    before = left.size;
    left = mergeOnce(left, fixed);
  }
  return left;
}

function mergeOnce(
  functions: ReadonlyMap<number, FunctionTree>,
  fixed: ReadonlySet<number>,
): ReadonlyMap<number, FunctionTree> {
  const firsts = new Map<string, number>();
  const goesTo = new Map<number, number>();
  const left = new Map<number, FunctionTree>();
  for (const [at, f] of functions) {
    const key = keyOf(f);
    const first = fixed.has(at) ? undefined : firsts.get(key);
    if (first !== undefined) {
      goesTo.set(at, first);
      continue;
    }
    firsts.set(key, at);
    left.set(at, f);
  }
  for (const { body } of left.values()) {
    visit(body, (tree) => {
      if (tree.code === op.call) tree.immediates = [goesTo.get(localOf(tree)) ?? localOf(tree)];
    });
  }
  return left;
}

function keyOf({ types, parameters, result, body }: FunctionTree): string {
  const parts = toInstructions(body).map(
    ({ code, immediates }) => `${code} ${immediates.map(exact).join(' ')}`,
  );
  return [parameters, result, ...types, ...parts].join('\n');
}

/** Apart from each other: 0 and -0. */
function exact(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

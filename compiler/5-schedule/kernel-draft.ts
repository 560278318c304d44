/**
 * A kernel in the making: its body knows buffers by names of its own, so that two kernels that
 * differ only in what they are bound to turn out equal. Workgroups are counted along one axis
 * (`group`); `finish` spreads them over two, since an axis of the grid has at most 65535.
 */
import type { Expression, Kernel, KernelArray, Statement } from '../../runtime/artifact/kernel.ts';
import { longestLine } from '../../runtime/artifact/records.ts';
import { asksOf } from '../kernel/asks.ts';
import * as k from '../kernel/build.ts';
import { mapStatements } from '../kernel/walk.ts';
import type { Tensor } from './node.ts';

/** What kernels call memory of their own. A weight may be called so too. */
const arrayNames = ['parts', 'tile'] as const;

interface Binding {
  readonly name: string;
  read: boolean;
  written: boolean;
}

export class KernelDraft {
  /** For people; not unique. */
  readonly name: string;
  readonly lanes: number;
  readonly symbols: ReadonlySet<string>;
  /** Workgroups in all. */
  groups: Expression = k.int(1);
  readonly shared: KernelArray[] = [];
  readonly registers: KernelArray[] = [];
  readonly statements: Statement[] = [];
  /** The time step, where it is one of a loop's. */
  step: Expression | undefined;
  origin: string | undefined;
  private readonly bindings = new Map<Tensor, Binding>();

  /** `symbols` are names that nothing else may have: a weight may be called like a dimension. */
  constructor(name: string, lanes: number, symbols: ReadonlySet<string>) {
    this.name = name;
    this.lanes = lanes;
    this.symbols = symbols;
  }

  get buffers(): ReadonlyMap<Tensor, Readonly<Binding>> {
    return this.bindings;
  }

  /** Of buffers and of the kernel's own arrays so far. */
  get memoryNames(): readonly string[] {
    return [...this.bindings.values(), ...this.shared, ...this.registers].map((m) => m.name);
  }

  /** The name of the tensor's memory here. */
  reads(tensor: Tensor): string {
    const binding = this.binding(tensor);
    binding.read = true;
    return binding.name;
  }

  writes(tensor: Tensor): string {
    const binding = this.binding(tensor);
    binding.written = true;
    return binding.name;
  }

  private binding(tensor: Tensor): Binding {
    const known = this.bindings.get(tensor);
    if (known !== undefined) return known;
    const taken: readonly string[] = [...arrayNames, ...this.memoryNames];
    const stem = shortName(tensor.name);
    let name = stem;
    for (let i = 2; this.symbols.has(name) || taken.includes(name); i++) name = `${stem}_${i}`;
    const binding = { name, read: false, written: false };
    this.bindings.set(tensor, binding);
    return binding;
  }
}

/** The workgroup's number, as bodies write it. */
export const group: Expression = k.local('group', 'i32');

/** The kernel without its name, the same for drafts that compute alike. */
export function finishKernel(draft: KernelDraft, name: string): Kernel {
  const count = isLine(draft)
    ? k.workgroup(0)
    : k.add(k.mul(k.workgroup(1), k.int(longestLine)), k.workgroup(0));
  const own = mayRunOver(draft)
    ? k.when(k.less(group, draft.groups), draft.statements)
    : draft.statements;
  const body: Statement[] = [{ kind: 'let', name: 'group', value: count }, ...own];
  return {
    name,
    buffers: [...draft.buffers].map(([tensor, { name: memory, read, written }]) => ({
      name: memory,
      element: tensor.element,
      access: read && written ? 'readWrite' : written ? 'write' : 'read',
    })),
    sizes: [...asksOf(body).sizes].sort(),
    workgroup: [draft.lanes, 1, 1],
    shared: draft.shared,
    registers: draft.registers,
    body,
  };
}

/** Workgroups of one invocation are turns of a loop, of which there may be any number. */
function isLine({ lanes }: KernelDraft): boolean {
  return lanes === 1;
}

/** A plane of workgroups may hold more than there are: its last line is as long as the others. */
function mayRunOver(draft: KernelDraft): boolean {
  const { groups } = draft;
  return !isLine(draft) && !(groups.kind === 'number' && groups.value <= longestLine);
}

/** The grid of a draft's workgroups. */
export function gridOf(draft: KernelDraft): readonly [Expression, Expression, Expression] {
  const { groups } = draft;
  if (isLine(draft)) return [groups, k.int(1), k.int(1)];
  return [k.min(groups, k.int(longestLine)), k.ceilDiv(groups, k.int(longestLine)), k.int(1)];
}

/** `lstm.l0.forward.a` and `a.3` are `a` to a kernel, so that layers share kernels. */
export function shortName(name: string): string {
  const words = name.split(/[./]/).filter((word) => word !== '' && !/^\d+$/.test(word));
  return words.at(-1) ?? 'memory';
}

/** Other names for memory, in loads and stores. */
export function renameMemory(
  statements: readonly Statement[],
  names: ReadonlyMap<string, string>,
): readonly Statement[] {
  const changed = new Map([...names].filter(([from, to]) => from !== to));
  if (changed.size === 0) return statements;
  const loads = mapStatements(statements, (e) => {
    const memory = e.kind === 'load' ? changed.get(e.memory) : undefined;
    return e.kind === 'load' && memory !== undefined ? { ...e, memory } : e;
  });
  return renameStores(loads, changed);
}

function renameStores(
  statements: readonly Statement[],
  names: ReadonlyMap<string, string>,
): readonly Statement[] {
  return statements.map((s): Statement => {
    switch (s.kind) {
      case 'store':
        return { ...s, memory: names.get(s.memory) ?? s.memory };
      case 'for':
      case 'while':
        return { ...s, body: renameStores(s.body, names) };
      case 'if': {
        const then = renameStores(s.then, names);
        return { ...s, then, otherwise: renameStores(s.otherwise, names) };
      }
      case 'let':
      case 'var':
      case 'assign':
      case 'barrier':
      case 'comment':
        return s;
    }
    s satisfies never;
  });
}

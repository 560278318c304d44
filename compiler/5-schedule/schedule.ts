/**
 * Graph to program: which values lie in memory, which are computed together, in which order, and
 * where everything lies. The graph has been simplified; a scan within a scan is not taken.
 */
import type { Expression } from '../../runtime/artifact/kernel.ts';
import type {
  Dispatch,
  IdRange,
  Program,
  ProgramParameter,
  ProgramResult,
  ProgramStep,
} from '../../runtime/artifact/program.ts';
import { CompilerBug, present } from '../base/bug.ts';
import { elementCount } from '../graph/polynomial.ts';
import type { Graph } from '../graph/types.ts';
import * as k from '../kernel/build.ts';
import { feedBack, type Feeds } from './feeds.ts';
import { fuse } from './fuse.ts';
import { gridOf, type KernelDraft } from './kernel-draft.ts';
import { KernelTable } from './kernel-table.ts';
import { planMemory } from './memory.ts';
import { mergeUnits } from './merge-units.ts';
import { arenaOf, memoryType, type Node, type Place, type Tensor } from './node.ts';
import { densePlace, nodesOf, type NodeGraph } from './nodes-of.ts';
import { formsFor, type DeviceKind, type ScheduleMode } from './forms.ts';
import { Origins, type SourceLine } from './origins.ts';
import { withScales, type Coded, type ScaledGraph } from './scales.ts';
import { polynomialSize } from './sizes.ts';
import { splitPrepared, type Split } from './prepared.ts';
import { accessOf, draftsOf, unitsOf, type Unit } from './units.ts';

export interface ScheduleOptions {
  /** Results that are a parameter's next value, by parameter: they come to lie in its place. */
  readonly feeds?: Feeds;
  /** What ids a parameter may hold, by parameter. */
  readonly ids?: ReadonlyMap<string, IdRange>;
  /** How loops over time run; `auto` chooses by their width. */
  readonly schedule?: ScheduleMode;
  /** What the program is to run on; `parallel` if not said. Any device computes either. */
  readonly device?: DeviceKind;
  /** Whether what weights alone decide is to be done apart from the rest, once. */
  readonly prepare?: boolean;
  /** Weights that a file holds as codes of 8 bits: on processors products may read them so. */
  readonly coded?: Coded;
  /** Lines of the sources, for those who read the kernels. */
  readonly sourceLine?: SourceLine;
}

export function schedule(given: Graph, options: ScheduleOptions = {}): Program {
  const device = options.device ?? 'parallel';
  const { graph, scales } = scaledFor(given, options);
  const nodes = nodesOf(graph, device === 'simd');
  const results = resultPlaces(nodes);
  const { items, reader } = fuse(nodes, results.stored, device === 'simd');
  const fed = feedBack(nodes, items, reader, results.places, options.feeds ?? new Map());
  const origins = new Origins(reader, options.sourceLine ?? (() => undefined));
  const ofNodes = [...scales].map(([side, scale]): [Node, Node] => {
    return [present(nodes.values.get(side), 'a side'), present(nodes.values.get(scale), 'scales')];
  });
  const forms = formsFor(options.schedule ?? 'auto', device, new Map(ofNodes));
  const units = unitsOf(fed.items, forms, origins);
  const weights = options.prepare === true ? weightTensors(nodes) : undefined;
  const split = weights === undefined ? undefined : splitPrepared(units, weights);
  const prepare = mergeUnits(split?.prepare ?? []);
  const steps = mergeUnits(split?.steps ?? units);
  return new Assembler(graph, nodes, { prepare, steps }, fed.places, options).program();
}

/** Codes are made when weights are; at every run they would take longer than they save. */
function scaledFor(graph: Graph, { device, prepare, coded }: ScheduleOptions): ScaledGraph {
  const isWorthIt = device === 'simd' && prepare === true && coded !== undefined;
  return isWorthIt ? withScales(graph, coded) : { graph, scales: new Map() };
}

function weightTensors({ parameters }: NodeGraph): Set<Tensor> {
  const weights = parameters.filter(({ parameter }) => parameter.role === 'weight');
  return new Set(weights.map(({ node }) => tensorOf(node)));
}

interface ResultPlaces {
  /** By result: where it lies in the end. */
  readonly places: ReadonlyMap<string, Place>;
  /** What has to be stored there. */
  readonly stored: readonly { readonly node: Node; readonly place: Place }[];
}

/** The ys of a loop lie in memory of their own already; everything else is stored. */
function resultPlaces({ results, loops }: NodeGraph): ResultPlaces {
  const whole = new Set(loops.flatMap((loop) => loop.ys.map((y) => y.outer)));
  const places = new Map<string, Place>();
  const stored: { node: Node; place: Place }[] = [];
  for (const { name, node } of results) {
    if (node.place !== undefined && whole.has(node)) {
      whole.delete(node);
      places.set(name, node.place);
      continue;
    }
    const { dtype, shape } = node.type;
    const tensor: Tensor = {
      name: `result/${name}`,
      element: memoryType(dtype),
      length: elementCount(shape),
      kept: false,
    };
    const place = densePlace(tensor, node.type);
    places.set(name, place);
    stored.push({ node, place });
  }
  return { places, stored };
}

class Assembler {
  private readonly tensors: Tensor[];
  private readonly indexOf: ReadonlyMap<Tensor, number>;
  private readonly kernels = new KernelTable();
  private readonly graph: Graph;
  private readonly nodes: NodeGraph;
  private readonly units: Split;
  private readonly places: ReadonlyMap<string, Place>;
  private readonly options: ScheduleOptions;

  constructor(
    graph: Graph,
    nodes: NodeGraph,
    units: Split,
    places: ReadonlyMap<string, Place>,
    options: ScheduleOptions,
  ) {
    this.graph = graph;
    this.nodes = nodes;
    this.units = units;
    this.places = places;
    this.options = options;
    const all = [...units.prepare, ...units.steps];
    const touched = all.flatMap(draftsOf).flatMap((draft) => [...draft.buffers.keys()]);
    const own = nodes.parameters.map(({ node }) => tensorOf(node));
    this.tensors = [...new Set([...own, ...touched, ...[...places.values()].map((p) => p.tensor)])];
    this.indexOf = new Map(this.tensors.map((tensor, i) => [tensor, i]));
  }

  program(): Program {
    const accesses = {
      prepare: this.units.prepare.map(accessOf),
      steps: this.units.steps.map(accessOf),
    };
    const held = new Set([...this.places.values()].map((p) => p.tensor));
    const left = accesses.prepare.flatMap(({ writes }) => [...writes]);
    const used = new Set(accesses.steps.flatMap(({ reads }) => [...reads]));
    for (const tensor of left) if (used.has(tensor)) held.add(tensor);
    const inOrder = [...accesses.prepare, ...accesses.steps];
    const plan = planMemory(inOrder, this.tensors, held);
    const prepare = this.units.prepare.map((unit, i) => this.step(unit, i));
    const steps = this.units.steps.map((unit, i) => this.step(unit, i));
    const names = uniqueNames(this.tensors);
    return {
      format: 'gatework-program-1',
      name: this.graph.name,
      symbols: [...this.nodes.top.symbols],
      parameters: this.parameters(),
      results: this.results(),
      tensors: this.tensors.map((tensor, i) => ({
        name: present(names[i], 'a name'),
        element: arenaOf(tensor),
        length: polynomialSize(tensor.length),
        offset: polynomialSize(present(plan.offsets.get(tensor), tensor.name)),
      })),
      memory: { f32: polynomialSize(plan.sizes.f32), i32: polynomialSize(plan.sizes.i32) },
      functions: this.kernels.functions(),
      kernels: this.kernels.all,
      prepare,
      steps,
    };
  }

  private step(unit: Unit, i: number): ProgramStep {
    if (unit.kind === 'kernel') return this.dispatch(unit.draft);
    const variable = `turn${i}`;
    const body = unit.drafts.map((draft) => ({ ...this.dispatch(draft), step: k.size(variable) }));
    return { kind: 'repeat', variable, count: unit.count, body };
  }

  private dispatch(draft: KernelDraft): Dispatch {
    const { index, kernel } = this.kernels.add(draft);
    return {
      kind: 'dispatch',
      kernel: index,
      tensors: [...draft.buffers.keys()].map((t) => present(this.indexOf.get(t), t.name)),
      sizes: kernel.sizes.map((name): Expression => k.size(name)),
      groups: gridOf(draft),
      ...(draft.origin === undefined ? {} : { origin: draft.origin }),
    };
  }

  private parameters(): ProgramParameter[] {
    return this.nodes.parameters.map(({ parameter, node }) => {
      const { name, role, value } = parameter;
      if (role === 'local') throw new CompilerBug('schedule', `${name} is local at the top level`);
      const ids = this.options.ids?.get(name);
      return {
        name,
        role,
        dtype: value.type.dtype,
        shape: value.type.shape,
        tensor: present(this.indexOf.get(tensorOf(node)), name),
        ...(ids === undefined ? {} : { ids }),
      };
    });
  }

  private results(): ProgramResult[] {
    const parameterOf = new Map([...(this.options.feeds ?? [])].map(([p, r]) => [r, p]));
    return this.graph.results.map(({ name, value }) => {
      const feeds = parameterOf.get(name);
      const place = present(this.places.get(name), name);
      return {
        name,
        dtype: value.type.dtype,
        shape: value.type.shape,
        tensor: present(this.indexOf.get(place.tensor), name),
        ...(feeds === undefined ? {} : { feeds }),
      };
    });
  }
}

function tensorOf(node: Node): Tensor {
  return present(node.place, node.name).tensor;
}

function uniqueNames(tensors: readonly Tensor[]): string[] {
  const taken = new Set<string>();
  return tensors.map(({ name }) => {
    let unique = name;
    for (let i = 2; taken.has(unique); i++) unique = `${name}.${i}`;
    taken.add(unique);
    return unique;
  });
}

/**
 * A program as one WGSL module in few letters, for bundles: functions once for all kernels, one
 * entry point for kernels that do the same. It computes what the readable shaders (emit.ts) do, bit
 * for bit, on the same bind group, and there is nothing of a name in it.
 */
import type { Kernel, KernelFunction } from '../../../runtime/artifact/kernel.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import type { ShaderModule } from '../../../runtime/artifact/shaders.ts';
import { withFewerLets } from '../../kernel/fewer-lets.ts';
import { freshNames, namesIn } from '../../kernel/fresh-names.ts';
import { withUniqueNames } from '../../kernel/unique-names.ts';
import { compactNames, compactSpelling, recordWord } from './compact-names.ts';
import { CompactTexts } from './compact-texts.ts';
import type { Context, Place } from './context.ts';
import { arrayText, arrayType } from './declarations.ts';
import { calledFunctions, functionLines } from './functions.ts';
import type { Names } from './names.ts';
import { placesOf } from './places.ts';
import { shallowFunction, shallowKernel } from './shallow.ts';
import { statementLines } from './statements.ts';

export function compactWgsl({
  kernels,
  functions,
}: Pick<Program, 'kernels' | 'functions'>): ShaderModule {
  const texts = new CompactTexts();
  const entries = kernels.map((kernel) => {
    // Callees come first, so that their names are known.
    for (const f of calledFunctions(kernel, functions)) addFunction(f, texts);
    return addKernel(kernel, texts);
  });
  const words = kernels.map(({ buffers, sizes }) => buffers.length + sizes.length);
  return { code: texts.code(Math.max(1, ...words)), entries };
}

function addFunction(f: KernelFunction, texts: CompactTexts): void {
  if (texts.hasFunction(f.name)) return;
  const own = (name: string): string => (name === f.name ? '' : texts.functionNamed(name));
  const context = newContext(compactNames({ buffers: [], sizes: [] }, own), texts);
  texts.addFunction(f.name, functionLines(shallowFunction(f), context));
}

/** What its entry point is called. */
function addKernel(whole: Kernel, texts: CompactTexts): string {
  const kernel = shallowKernel(withShortBody(whole));
  const names = compactNames(kernel, texts.functionNamed);
  const context: Context = {
    ...newContext(names, texts),
    places: compactPlaces(kernel, names, texts),
    writesBuffers: kernel.buffers.some(({ access }) => access !== 'read'),
  };
  const registers = kernel.registers.map((array) => `var ${arrayText(array, context)};`);
  const body = statementLines(kernel.body, context);
  const { needs } = context;
  return texts.addEntry([
    `@compute @workgroup_size(${kernel.workgroup.join(', ').replace(/(?:, 1)+$/, '')})`,
    'fn (@builtin(workgroup_id) B: vec3u, @builtin(local_invocation_id) C: vec3u) {',
    ...(needs.has('workgroup_id') ? ['let X = vec3i(B);'] : []),
    ...(needs.has('invocation_id') ? ['let Y = vec3i(C);'] : []),
    ...registers,
    ...body,
    '}',
  ]);
}

function withShortBody(kernel: Kernel): Kernel {
  const fresh = freshNames([...namesIn(kernel.body), ...kernel.sizes]);
  const constant = new Set(kernel.buffers.flatMap((b) => (b.access === 'read' ? [b.name] : [])));
  return { ...kernel, body: withFewerLets(withUniqueNames(kernel.body, fresh), constant) };
}

function compactPlaces(kernel: Kernel, names: Names, texts: CompactTexts): Context['places'] {
  const shared = texts.sharedNames();
  const positions = new Map(kernel.buffers.map(({ name }, position) => [name, position]));
  const places = placesOf(kernel, {
    base: (buffer) => recordWord(positions.get(buffer) ?? 0),
    array: (array, { holds, space }) =>
      space === 'shared' ? shared(arrayType(array, holds)) : names.of('memory', array.name),
  });
  const all = [...places].map(([name, place]): [string, Place] => {
    if (place.space !== 'buffer') return [name, place];
    const array = place.holds === 'vectors' ? 'fours' : place.array;
    return [name, { ...place, array, isElementBase: true }];
  });
  return new Map(all);
}

function newContext(names: Names, texts: CompactTexts): Context {
  return {
    names,
    spelling: compactSpelling,
    places: new Map(),
    needs: new Set(),
    usedSizes: new Set(),
    usedBuffers: new Set(),
    ownFunctions: texts.ownFunctions,
    writesBuffers: false,
  };
}

/**
 * The smallest spec that still falls: one part of its syntax tree after another is left out or
 * replaced by something simpler, and each change stays for which the spec still compiles and still
 * falls. Greedy, the large parts first, until nothing more can go or the tries are spent. The same
 * spec and the same answers give the same result.
 *
 * After delta debugging (Zeller & Hildebrandt 2002), on trees as in Misherghi & Su 2006.
 */
import type { SourceFile } from '../ast/types.ts';
import { printFile } from '../ast/print.ts';
import { compile, parseSource } from '../pipeline.ts';
import * as cells from './smaller/cells.ts';
import { withImports, type Load } from './smaller/imports.ts';
import * as layers from './smaller/layers.ts';
import * as numbers from './smaller/numbers.ts';
import * as statements from './smaller/statements.ts';
import { targetOf, tidied } from './smaller/tidy.ts';

export interface SmallerSpecOptions {
  /** How often `falls` is asked at most; 400 if not said. */
  readonly tries?: number;
  /** Of the given text: its ending says whether it is YAML. */
  readonly name?: string;
  /** Which model of the file is run; its last one if not said. */
  readonly model?: string;
  /** Source text of an import; without it none is found. */
  readonly load?: Load;
}

export interface SmallerSpec {
  /** A `.gate` file without imports, or the given text where nothing could go. */
  readonly text: string;
  /** How often `falls` was asked. */
  readonly tries: number;
  /** Whether the tries were spent before every change had been tried. */
  readonly exhausted: boolean;
}

/** Whether a spec shows the fault; its last model is the one to be run. */
export type Falls = (text: string) => Promise<boolean>;

type Edit = (file: SourceFile) => Iterable<SourceFile>;

/** In the order in which they are tried, over and over while any of them helps. */
const edits: readonly Edit[] = [
  statements.withoutTraining,
  statements.inlinedParameters,
  statements.fewerOutputs,
  statements.withoutLosses,
  statements.otherModels,
  // Before layers go: one that shows the fault with one unit is better than one that needs many.
  numbers.smallerNumbers,
  layers.fewerStages,
  layers.unwrappedLayers,
  numbers.smallerNumbers,
  statements.inlinedBindings,
  layers.partsOfValues,
  layers.inlinedLayers,
  layers.simplerLayers,
  layers.fewerArguments,
  layers.withoutShifts,
  numbers.boundWidths,
  cells.withoutLayouts,
  cells.oneBranch,
  cells.fewerStates,
  cells.simplerValues,
  cells.inlinedEquations,
  cells.cellDefaults,
  numbers.floatsForIds,
  statements.barePipelines,
];

export async function smallerSpec(
  text: string,
  falls: Falls,
  options: SmallerSpecOptions = {},
): Promise<SmallerSpec> {
  const { name = 'spec.gate', load = () => undefined } = options;
  const { file } = parseSource({ name, text });
  if (file === undefined) return { text, tries: 0, exhausted: false };
  const search = new Search({ text, falls, most: options.tries ?? 400, load }, file);
  const target = targetOf(file, options.model);
  const others = file.definitions.filter((d) => d !== target);
  const last = { ...file, definitions: target === undefined ? others : [...others, target] };
  await search.improve(() => [withImports(last, load)]);
  for (let helped = true; helped;) {
    helped = false;
    for (const edit of edits) helped = (await search.improve(edit)) || helped;
  }
  return { text: search.text, tries: search.tries, exhausted: search.exhausted };
}

interface Quest {
  readonly text: string;
  readonly falls: Falls;
  /** Tries at most. */
  readonly most: number;
  readonly load: Load;
}

class Search {
  text: string;
  tries = 0;
  exhausted = false;
  private file: SourceFile;
  private readonly quest: Quest;
  /** Texts that have been tried, or found not to compile. */
  private readonly known: Set<string>;

  constructor(quest: Quest, file: SourceFile) {
    this.text = quest.text;
    this.file = file;
    this.quest = quest;
    this.known = new Set([quest.text]);
  }

  /** Whether any of the edit's proposals was taken. What was refused once is not asked again. */
  async improve(edit: Edit): Promise<boolean> {
    let helped = false;
    let refused = 0;
    for (let going = true; going;) {
      going = false;
      let position = 0;
      for (const proposal of edit(this.file)) {
        if (position++ < refused) continue;
        if (await this.take(proposal)) {
          [helped, going] = [true, true];
          break;
        }
        refused++;
        if (this.exhausted) return helped;
      }
    }
    return helped;
  }

  private async take(proposal: SourceFile): Promise<boolean> {
    const text = printFile(tidied(proposal));
    if (this.known.has(text)) return false;
    this.known.add(text);
    const file = compiledFile(text, this.quest.load);
    if (file === undefined) return false;
    if (this.tries >= this.quest.most) {
      this.exhausted = true;
      return false;
    }
    this.tries++;
    if (!(await this.quest.falls(text))) return false;
    this.text = text;
    this.file = file;
    return true;
  }
}

/** The text's tree, unless it has a mistake. */
function compiledFile(text: string, load: Load): SourceFile | undefined {
  try {
    const { file, model } = compile({ name: 'spec.gate', text }, { mode: 'training', load });
    return model === undefined ? undefined : file;
  } catch {
    // A spec that the compiler breaks on is another fault than the one that is looked for.
    return undefined;
  }
}

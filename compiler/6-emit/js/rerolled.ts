/**
 * Stores one after another that copy numbers at even distances to numbers at even distances, as a
 * loop: what a copy of what products multiply is made of.
 */
import type { Expression, Statement } from '../../../runtime/artifact/kernel.ts';
import { add, forLoop, int, local, mul } from '../../kernel/build.ts';
import type { FreshName } from '../../kernel/fresh-names.ts';
import { distanceOf, linearForm, wholeLets, type WholeLets } from './linear-forms.ts';

/** Fewer are shorter as they are. */
const fewest = 4;

/** No two blocks may define the same name; `fresh` gives names that nothing has. */
export function rerolled(statements: readonly Statement[], fresh: FreshName): readonly Statement[] {
  const lets = wholeLets(statements);
  const block = (inner: readonly Statement[]): readonly Statement[] => {
    return rolledRuns(inner.map(inside), lets, fresh);
  };
  const inside = (s: Statement): Statement => {
    switch (s.kind) {
      case 'for':
      case 'while':
        return { ...s, body: block(s.body) };
      case 'if':
        return { ...s, then: block(s.then), otherwise: block(s.otherwise) };
      case 'let':
      case 'var':
      case 'assign':
      case 'store':
      case 'barrier':
      case 'comment':
        return s;
    }
    s satisfies never;
    return s;
  };
  return block(statements);
}

type Store = Extract<Statement, { readonly kind: 'store' }>;
type Load = Extract<Expression, { readonly kind: 'load' }>;

interface Copy {
  readonly store: Store;
  readonly load: Load;
}

function rolledRuns(
  statements: readonly Statement[],
  lets: WholeLets,
  fresh: FreshName,
): readonly Statement[] {
  const rolled: Statement[] = [];
  let copies: Copy[] = [];
  const flush = (): void => {
    rolled.push(...runsOf(copies, lets).flatMap((run) => loopOf(run, fresh)));
    copies = [];
  };
  for (const s of statements) {
    if (s.kind === 'store' && s.value.kind === 'load' && s.value.type !== 'f32x4') {
      copies.push({ store: s, load: s.value });
      continue;
    }
    // What is only sums and products is the same before them.
    if (s.kind === 'let' && lets.has(s.name)) {
      rolled.push(s);
      continue;
    }
    flush();
    rolled.push(s);
  }
  flush();
  return rolled;
}

interface Run {
  readonly copies: readonly Copy[];
  /** From one copy to the next. */
  readonly storeStep: number;
  readonly loadStep: number;
}

function runsOf(copies: readonly Copy[], lets: WholeLets): Run[] {
  const runs: Run[] = [];
  let run: Run | undefined;
  for (const copy of copies) {
    const last = run?.copies.at(-1);
    const steps = last === undefined ? undefined : stepsBetween(last, copy, lets);
    if (run !== undefined && steps !== undefined) {
      const isSame = run.storeStep === steps.storeStep && run.loadStep === steps.loadStep;
      if (isSame || run.copies.length === 1) {
        run = { ...steps, copies: [...run.copies, copy] };
        continue;
      }
    }
    if (run !== undefined) runs.push(run);
    run = { copies: [copy], storeStep: 0, loadStep: 0 };
  }
  return run === undefined ? runs : [...runs, run];
}

function stepsBetween(from: Copy, to: Copy, lets: WholeLets): Omit<Run, 'copies'> | undefined {
  if (from.store.memory !== to.store.memory || from.load.memory !== to.load.memory)
    return undefined;
  if (from.load.type !== to.load.type) return undefined;
  const step = (x: Expression, y: Expression): number | undefined =>
    distanceOf(linearForm(x, lets), linearForm(y, lets));
  const storeStep = step(from.store.index, to.store.index);
  const loadStep = step(from.load.index, to.load.index);
  return storeStep === undefined || loadStep === undefined ? undefined : { storeStep, loadStep };
}

function loopOf({ copies, storeStep, loadStep }: Run, fresh: FreshName): readonly Statement[] {
  const [first] = copies;
  if (first === undefined || copies.length < fewest) return copies.map(({ store }) => store);
  const name = fresh('copy');
  const at = (index: Expression, step: number): Expression =>
    add(mul(local(name, 'i32'), int(step)), index);
  const value = { ...first.load, index: at(first.load.index, loadStep) };
  const store = { ...first.store, index: at(first.store.index, storeStep), value };
  return [forLoop(name, int(copies.length), [store])];
}

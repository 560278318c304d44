/** The layouts of the last few bindings of a program, so that going back to one costs nothing. */
import type { Program } from '../artifact/program.ts';
import type { Bindings } from '../artifact/size.ts';
import { layOutMemory, type LinearLayout } from './layout.ts';

const mostHeld = 16;

export class Layouts {
  private readonly program: Program;
  private readonly threads: number;
  /** In the order in which they were made. */
  private readonly held: LinearLayout[] = [];

  constructor(program: Program, threads: number) {
    this.program = program;
    this.threads = threads;
  }

  /** The same object for the same values of the program's symbols. Faults: T6401. */
  of(bindings: Bindings): LinearLayout {
    const { symbols } = this.program;
    const isSame = (layout: LinearLayout): boolean =>
      symbols.every((symbol, i) => bindings.get(symbol) === layout.symbols[i]);
    const found = this.held.find(isSame);
    if (found !== undefined) return found;
    const layout = layOutMemory(this.program, bindings, this.threads);
    this.held.push(layout);
    if (this.held.length > mostHeld) this.held.shift();
    return layout;
  }
}

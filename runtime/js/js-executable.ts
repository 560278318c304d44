/**
 * A program as a JavaScript module, for pages that allow neither WebAssembly nor a GPU. The module
 * is code like any other of the page: nothing is compiled here, and no text becomes code.
 */
import type { Program } from '../artifact/program.ts';
import type { Bindings } from '../artifact/size.ts';
import { LinearExecutable } from '../linear/linear-executable.ts';
import { Machine } from '../linear/machine.ts';
import { JsInstance, type JsModule } from './js-instance.ts';

export interface JsExecutableOptions {
  readonly program: Program;
  /** As it is printed for this program, and imported. */
  readonly module: JsModule;
  /** Values of symbols that no input's shape determines. */
  readonly bindings?: Bindings;
}

export class JsExecutable extends LinearExecutable {
  /** Faults: T6408 for a module of something else. */
  constructor({ program, module, bindings = new Map() }: JsExecutableOptions) {
    const open = (): Machine => new Machine(program, new JsInstance(program.name, module));
    super(open(), bindings, open);
  }
}

/** A training step as JavaScript. */
import type { Executable } from '../../artifact/executable.ts';
import type { Program } from '../../artifact/program.ts';
import { JsExecutable } from '../../js/js-executable.ts';
import type { JsModule } from '../../js/js-instance.ts';

export function jsStep(program: Program, module: JsModule): Executable {
  return new JsExecutable({ program, module });
}

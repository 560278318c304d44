/** Programs on linear memory as code of each kind. */
import { emitJs } from '../../../compiler/6-emit/js/emit.ts';
import type { Program } from '../../../runtime/artifact/program.ts';
import { JsExecutable } from '../../../runtime/js/js-executable.ts';
import type { LinearExecutable } from '../../../runtime/linear/linear-executable.ts';
import { importText, jsModule } from '../../support/js-runs.ts';
import { open } from './programs.ts';

type Open = (
  program: Program,
  options?: { readonly bindings?: ReadonlyMap<string, number> },
) => Promise<LinearExecutable>;

const openJs: Open = async (program, options = {}) => {
  const module = jsModule(await importText(emitJs(program)));
  return new JsExecutable({ program, module, ...options });
};

export const kinds: readonly { readonly kind: string; readonly open: Open }[] = [
  { kind: 'WebAssembly', open },
  { kind: 'JavaScript', open: openJs },
];

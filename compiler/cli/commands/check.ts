/** `gatework check SPEC`: diagnostics on stderr; one line on stdout when there is no error. */
import type { Command } from 'commander';
import { toJson } from '../../diagnostics/json.ts';
import {
  elementCount,
  jsonCount,
  plus,
  printPolynomial,
  type Polynomial,
} from '../../graph/polynomial.ts';
import type { Model } from '../../graph/model.ts';
import { compile } from '../../pipeline.ts';
import { printDiagnostics } from '../diagnostics.ts';
import { exitCodes } from '../failure.ts';
import { specOptions, type SpecOptions } from '../options.ts';
import { print, printJson } from '../output.ts';
import { openSpec } from '../spec.ts';

export function define(command: Command): void {
  specOptions(command).action(check);
}

async function check(spec: string, options: SpecOptions): Promise<void> {
  const { source, load, record } = openSpec(spec);
  const dims = new Map([...(record?.dims ?? []), ...options.dim]);
  const { model, diagnostics } = compile(source, { dims, mode: 'inference', load });
  await printDiagnostics(diagnostics);
  const ok = model !== undefined && diagnostics.every((d) => d.severity !== 'error');
  if (options.json === true) {
    printJson({
      ok,
      diagnostics: diagnostics.map(toJson),
      ...(model === undefined
        ? {}
        : { model: model.name, parameters: jsonCount(parameterCount(model)) }),
    });
  } else if (ok) {
    print(`ok: ${model.name}, ${printPolynomial(parameterCount(model))} parameters`);
  }
  if (!ok) process.exitCode = exitCodes.input;
}

function parameterCount(model: Model): Polynomial {
  return plus(...model.weights.map((w) => elementCount(w.shape)));
}

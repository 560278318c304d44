/** Runs programs as JavaScript modules on memory of their own. */
import { emitJs, type JsOptions } from '../../compiler/6-emit/js/emit.ts';
import type { JsModule } from '../../runtime/js/js-instance.ts';
import {
  kernelProgramRun,
  runOnMemory,
  type Elements,
  type KernelRun,
  type ProgramRun,
} from './memory-runs.ts';

/** The module of this text. */
export async function importText(text: string): Promise<Readonly<Record<string, unknown>>> {
  const url = `data:text/javascript,${encodeURIComponent(text)}`;
  return (await import(url)) as Readonly<Record<string, unknown>>;
}

/** A printed module among modules. */
export function jsModule(module: Readonly<Record<string, unknown>>): JsModule {
  const { instantiate } = module;
  if (typeof instantiate !== 'function') throw new Error('a module without instantiate');
  return { instantiate: instantiate as JsModule['instantiate'] };
}

/** What the tensors hold after `prepare` and `run`. Nothing outside of them may have changed. */
export async function runJs(
  run: ProgramRun & { readonly options?: JsOptions },
): Promise<readonly Elements[]> {
  const text = emitJs(run.program, run.options);
  const module = jsModule(await importText(text));
  try {
    return runOnMemory(run, (bytes) => {
      const buffer = new ArrayBuffer(16 * Math.ceil(bytes / 16));
      return { buffer, exports: module.instantiate(buffer) };
    });
  } catch (error) {
    throw new Error(text, { cause: error });
  }
}

export function runKernelJs(run: KernelRun): Promise<readonly Elements[]> {
  return runJs(kernelProgramRun(run));
}

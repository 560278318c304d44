/**
 * SPEC on the command line: a `.gate` or `.yaml` file, or the pipeline itself in quotes. Compiling
 * throws InputRejected with every diagnostic; warnings go to stderr.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { RuntimeFault } from '../../runtime/artifact/executable.ts';
import type { SourceText } from '../base/source.ts';
import type { Model } from '../graph/model.ts';
import { compile, type CompileOptions } from '../pipeline.ts';
import { printDiagnostics } from './diagnostics.ts';
import { InputRejected } from './failure.ts';
import { readText } from './files.ts';

/** Far above any spec; a larger file was given by mistake and is not even read. */
const largestSpec = 64 * 1024 * 1024;

export function readSpec(spec: string): SourceText {
  if (!isFile(spec)) return { name: '<pipeline>', text: spec };
  return { name: spec, text: readSourceFile(spec) };
}

/** Reads the import `path` of `from`; undefined where there is no such file. */
export function loadImport(path: string, from: SourceText): SourceText | undefined {
  const base = from.name === '<pipeline>' ? '.' : dirname(from.name);
  const file = isAbsolute(path) ? path : join(base, path);
  return existsSync(file) ? { name: file, text: readSourceFile(file) } : undefined;
}

export async function compileSpec(
  spec: string,
  options: Pick<CompileOptions, 'dims' | 'mode'>,
): Promise<Model> {
  const { model, diagnostics } = compile(readSpec(spec), { ...options, load: loadImport });
  if (model === undefined || diagnostics.some((d) => d.severity === 'error')) {
    throw new InputRejected(diagnostics);
  }
  await printDiagnostics(diagnostics);
  return model;
}

function isFile(spec: string): boolean {
  return /\.(gate|ya?ml)$/.test(spec) || (spec.length < 4096 && existsSync(spec));
}

function readSourceFile(file: string): string {
  const size = existsSync(file) ? statSync(file).size : 0;
  if (size > largestSpec) {
    throw new RuntimeFault('R7401', `${file} is ${size} bytes long, too long for a spec`);
  }
  return readText(file);
}

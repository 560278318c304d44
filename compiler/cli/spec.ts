/**
 * SPEC on the command line: a `.gate` or `.yaml` file, the pipeline itself in quotes, or the folder
 * of a trained model, which holds its spec and the widths that its data settled. Compiling throws
 * InputRejected with every diagnostic; warnings go to stderr.
 */
import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { RuntimeFault } from '../../runtime/artifact/executable.ts';
import type { SourceText } from '../base/source.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Model } from '../graph/model.ts';
import { compile, type CompileOptions } from '../pipeline.ts';
import { printDiagnostics } from './diagnostics.ts';
import { InputRejected } from './failure.ts';
import { readText } from './files.ts';
import { isRunFolder, readRecord, recordFile, type RunRecord } from './training/run-record.ts';
import { storedImports, type LoadImport } from './training/stored-spec.ts';

/** Far above any spec; a larger file was given by mistake and is not even read. */
const largestSpec = 64 * 1024 * 1024;

/** Names joined by slashes are a path, even one that leads nowhere; `x/2` divides. */
const pathForm = /^(?![x\d.]+\/[x\d.]+$)[^\s()[\]<>]*[/\\][^\s()[\]<>]*$/;

/** A spec, where its imports come from, and what a trained model's folder says besides. */
export interface OpenedSpec {
  readonly source: SourceText;
  readonly load: LoadImport;
  /** The record of the folder; its widths are those of the weights. */
  readonly record?: RunRecord;
  /** Takes warnings, in place of stderr. */
  readonly tell?: (warnings: readonly Diagnostic[]) => void | Promise<void>;
}

export function openSpec(spec: string): OpenedSpec {
  if (!isRunFolder(spec)) return { source: readSpec(spec), load: loadImport };
  const record = readRecord(join(spec, recordFile));
  const { name, text } = record.spec;
  return { source: { name, text }, load: storedImports(record.spec), record };
}

function readSpec(spec: string): SourceText {
  if (!isFile(spec) && !pathForm.test(spec)) return { name: '<pipeline>', text: spec };
  return { name: spec, text: readSourceFile(spec) };
}

/** Reads the import `path` of `from`; undefined where there is no such file. */
function loadImport(path: string, from: SourceText): SourceText | undefined {
  const file = importFile(path, from);
  const found = existsSync(file) && statSync(file).isFile();
  return found ? { name: file, text: readSourceFile(file) } : undefined;
}

/** Where the import `path` of `from` should be. */
export function importFile(path: string, from: SourceText): string {
  const base = from.name === '<pipeline>' ? '.' : dirname(from.name);
  return isAbsolute(path) ? path : join(base, path);
}

export async function compileSpec(
  spec: string,
  options: Pick<CompileOptions, 'dims' | 'mode'>,
): Promise<Model> {
  return compileOpened(openSpec(spec), options);
}

/** `quiet` keeps warnings back, for a spec that is compiled a second time. */
export async function compileOpened(
  { source, load, record, tell = printDiagnostics }: OpenedSpec,
  { quiet = false, ...options }: Pick<CompileOptions, 'dims' | 'mode'> & { quiet?: boolean },
): Promise<Model> {
  const dims = new Map([...(record?.dims ?? []), ...(options.dims ?? [])]);
  const { model, diagnostics } = compile(source, { ...options, dims, load });
  if (model === undefined || diagnostics.some((d) => d.severity === 'error')) {
    throw new InputRejected(diagnostics);
  }
  if (!quiet && diagnostics.length > 0) await tell(diagnostics);
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

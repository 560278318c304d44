/**
 * What the import of a spec asks for: `./ner.gate?weights=./ner.safetensors&dim.D=40`. The query
 * has the names of `gatework build`'s options, and wins over the options of the plugin; files in it
 * are seen from the spec, since an import is the same module whoever asks for it.
 */
import { dirname, resolve } from 'node:path';
import { RuntimeFault } from '../../runtime/artifact/executable.ts';
import type { Backend } from '../../runtime/artifact/bundle.ts';
import { precisions, type Precision } from '../7-bundle/precision.ts';
import { allBackends, targetNames, targetOf, type BundleTarget } from '../7-bundle/target.ts';
import type { BundleModelOptions } from '../cli/bundle/open-model.ts';
import type { GateworkOptions } from './options.ts';

export interface ImportRequest extends BundleModelOptions {
  /** The spec. */
  readonly file: string;
  readonly target: BundleTarget;
  readonly precision: Precision;
}

const knownPrecisions: readonly NonNullable<GateworkOptions['precision']>[] = precisions;

/** Parts of a query that are for the bundler itself, or ask for the file as it is. */
const bundlersOwn = new Set(['t', 'v', 'import']);
const asItIs = /[?&](?:raw|url|worker|sharedworker|no-inline)(?=[&=]|$)/;

/** A `.gate` file; YAML, which others import as well, only where the query is one of ours. */
export const specModule = /\.gate(?:\?|$)|\.ya?ml\?(?:[^#]*&)?(?:weights|init)=/;

export function isSpecModule(id: string): boolean {
  return specModule.test(id) && !asItIs.test(id);
}

/** Path and query of an import, the query without what the bundler has added. */
export function partsOf(id: string): { readonly file: string; readonly query: string } {
  const [, file = id, query = ''] = /^([^?]*)\??([^]*)$/.exec(id) ?? [];
  const own = query.split('&').filter((part) => part !== '' && !bundlersOwn.has(nameOf(part)));
  return { file, query: own.join('&') };
}

/** Faults: R7808 for a query that says nothing sensible, R7407 for an import without weights. */
export function requestOf(id: string, options: GateworkOptions, inline: boolean): ImportRequest {
  const { file, query } = partsOf(id);
  const asked = new Asked(file, query);
  const weights = asked.file('weights');
  const vocabulary = asked.file('vocabulary');
  const seed = asked.number('init') ?? (weights === undefined ? options.init : undefined);
  const target = asked.choice('target', targetNames) ?? options.target ?? 'web';
  const precision = asked.choice('precision', knownPrecisions) ?? options.precision ?? 'f32';
  const backends = asked.backends() ?? options.backends;
  const train = asked.flag('train') ?? options.train ?? false;
  const inlined = asked.flag('inline') ?? options.inline ?? inline;
  const dim = new Map([...Object.entries(options.dims ?? {}), ...asked.dims()]);
  asked.end();
  if (weights === undefined && seed === undefined) {
    throw new RuntimeFault(
      'R7407',
      'a spec alone has no weights',
      'import it with ?weights=FILE, or with ?init=SEED for fresh ones',
    );
  }
  if (weights !== undefined && seed !== undefined) {
    throw refused('an import has weights or init, not both');
  }
  if (train && precision === 'int8') throw refused('train needs precision f32 or f16');
  return {
    ...{ file, dim, precision, train, target: targetOf(target, inlined, backends) },
    ...(weights === undefined ? {} : { weights }),
    ...(seed === undefined ? {} : { init: seed }),
    ...(vocabulary === undefined ? {} : { vocabulary }),
  };
}

/** A query that is read part by part, until nothing is left. */
class Asked {
  private readonly spec: string;
  private readonly values = new Map<string, string>();

  constructor(spec: string, query: string) {
    this.spec = spec;
    for (const part of query.split('&').filter((text) => text !== '')) {
      const name = nameOf(part);
      if (this.values.has(name)) throw refused(`${name} stands there twice`);
      this.values.set(name, decoded(part.slice(name.length + 1)));
    }
  }

  private take(name: string): string | undefined {
    const value = this.values.get(name);
    this.values.delete(name);
    return value;
  }

  file(name: string): string | undefined {
    const value = this.take(name);
    if (value === '') throw refused(`${name} names no file`);
    return value === undefined ? undefined : resolve(dirname(this.spec), value);
  }

  number(name: string, least = 0, most = 0xffffffff): number | undefined {
    const value = this.take(name);
    if (value === undefined) return undefined;
    const count = /^\d[\d_]*$/.test(value) ? Number(value.replaceAll('_', '')) : NaN;
    if (count >= least && count <= most) return count;
    throw refused(`${name}=${value} is no whole number from ${least} to ${most}`);
  }

  choice<Name extends string>(name: string, of: readonly Name[]): Name | undefined {
    const value = this.take(name);
    const found = of.find((one) => one === value);
    if (value === undefined || found !== undefined) return found;
    throw refused(`${name}=${value} is none of ${of.join(', ')}`);
  }

  flag(name: string): boolean | undefined {
    const value = this.choice(name, ['', 'true', 'false']);
    return value === undefined ? undefined : value !== 'false';
  }

  backends(): readonly Backend[] | undefined {
    return this.take('backends')
      ?.split(',')
      .map((name) => {
        const found = allBackends.find((backend) => backend === name);
        if (found !== undefined) return found;
        throw refused(`backends=${name} is none of ${allBackends.join(', ')}`);
      });
  }

  dims(): (readonly [string, number])[] {
    const names = [...this.values.keys()].filter((name) => name.startsWith('dim.'));
    return names.map((name) => [name.slice(4), this.number(name, 1, 0x7fffffff) ?? 0]);
  }

  end(): void {
    const [name] = this.values.keys();
    if (name !== undefined) throw refused(`${name} is nothing that an import can say`);
  }
}

function nameOf(part: string): string {
  return /^[^=]*/.exec(part)?.[0] ?? part;
}

/** Not as forms write it: a plus is a plus. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function refused(what: string): RuntimeFault {
  return new RuntimeFault(
    'R7808',
    `the query of the import: ${what}`,
    'it knows weights, init, dim.NAME, vocabulary, precision, backends, target, train and inline',
  );
}

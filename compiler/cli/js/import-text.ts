/** Modules that exist as text alone, in Node: each has a `data:` address of its own. */
import type { JsModule } from '../../../runtime/js/js-instance.ts';
import { CompilerBug } from '../../base/bug.ts';

/** They stay loaded as long as the process does. */
export async function importText(text: string): Promise<JsModule> {
  const address = `data:text/javascript,${encodeURIComponent(text)}`;
  const { instantiate } = (await import(address)) as { readonly instantiate?: unknown };
  if (typeof instantiate !== 'function') throw new CompilerBug('js', 'no instantiate', text);
  return { instantiate: instantiate as JsModule['instantiate'] };
}

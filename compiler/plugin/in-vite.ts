/** What is Vite's own: environments, and modules that are loaded anew when a file changes. */
import { resolve } from 'node:path';
import type { UnpluginOptions } from 'unplugin';
import type { Build } from './spec-module.ts';

type HotUpdate = Extract<
  NonNullable<UnpluginOptions['vite']>['hotUpdate'],
  (...args: never[]) => unknown
>;

/** Builds for servers leave files behind that a module names by address. */
export function forServers(context: object): boolean {
  const { environment } = context as { environment?: { config?: { consumer?: string } } };
  return environment?.config?.consumer === 'server';
}

/**
 * Every import that was made from this file, also one that failed: Vite itself does not know what
 * a module would be made of that was never there.
 */
export function reloaded({ reads }: Build): HotUpdate {
  return function ({ file, modules }) {
    const changed = resolve(file);
    const own = [...reads].flatMap(([id, files]) => {
      const module = this.environment.moduleGraph.getModuleById(id);
      return module !== undefined && files.has(changed) ? [module] : [];
    });
    return own.length === 0 ? undefined : [...new Set([...modules, ...own])];
  };
}

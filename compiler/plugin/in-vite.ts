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
 * Every import that was made from this file. One that has failed is nothing that Vite could load
 * anew, nor does it know what that would be made of: the page begins again.
 */
export function reloaded({ reads, failed }: Build): HotUpdate {
  return function ({ file, modules }) {
    const changed = resolve(file);
    const ids = [...reads].flatMap(([id, files]) => (files.has(changed) ? [id] : []));
    const own = ids.flatMap((id) => this.environment.moduleGraph.getModuleById(id) ?? []);
    if (own.length === 0) return undefined;
    if (ids.some((id) => failed.has(id))) this.environment.hot.send({ type: 'full-reload' });
    return [...new Set([...modules, ...own])];
  };
}

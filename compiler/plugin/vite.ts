/** `gatework/vite`: specs as imports, for Vite. */
import type { VitePlugin } from 'unplugin';
import { plugins } from './factory.ts';
import type { GateworkOptions } from './options.ts';

export type { GateworkOptions };

export const gatework: (options?: GateworkOptions) => VitePlugin = plugins.vite;

export default gatework;

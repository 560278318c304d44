/** `gatework/esbuild`: specs as imports, for esbuild. */
import type { EsbuildPlugin } from 'unplugin';
import { plugins } from './factory.ts';
import type { GateworkOptions } from './options.ts';

export type { GateworkOptions };

export const gatework: (options?: GateworkOptions) => EsbuildPlugin = plugins.esbuild;

export default gatework;

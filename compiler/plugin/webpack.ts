/** `gatework/webpack`: specs as imports, for webpack. */
import type { WebpackPluginInstance } from 'unplugin';
import { plugins } from './factory.ts';
import type { GateworkOptions } from './options.ts';

export type { GateworkOptions };

export const gatework: (options?: GateworkOptions) => WebpackPluginInstance = plugins.webpack;

export default gatework;

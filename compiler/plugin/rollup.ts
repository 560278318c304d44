/** `gatework/rollup`: specs as imports, for Rollup. */
import type { RollupPlugin } from 'unplugin';
import { plugins } from './factory.ts';
import type { GateworkOptions } from './options.ts';

export type { GateworkOptions };

export const gatework: (options?: GateworkOptions) => RollupPlugin = plugins.rollup;

export default gatework;

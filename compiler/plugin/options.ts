/** What a bundler's configuration says of all the specs that an app imports. */
import type { Backend } from '../../runtime/artifact/bundle.ts';
import type { TargetName } from '../7-bundle/target.ts';

/** Each stands for `gatework build`'s option of that name; the query of an import wins over it. */
export interface GateworkOptions {
  /** Seed of fresh weights, for imports that name none. */
  readonly init?: number | undefined;
  /** Dimensions that specs leave open. */
  readonly dims?: Readonly<Record<string, number>> | undefined;
  /** Of the stored weights; f32 if left out. */
  readonly precision?: 'f32' | 'f16' | 'int8' | undefined;
  /** Those that a model carries; all that its target has if left out. */
  readonly backends?: readonly Backend[] | undefined;
  /** Where models are to run; `web` if left out. */
  readonly target?: TargetName | undefined;
  /** Whether models can be trained further where they run. */
  readonly train?: boolean | undefined;
  /**
   * Weights and code as text in the module, instead of files beside it; if left out, only where no
   * files can be beside it: in Vite for servers, and where esbuild writes other than ES modules.
   */
  readonly inline?: boolean | undefined;
  /**
   * The file of declarations that TypeScript knows the imports by, or none. If left out it is
   * `gatework-env.d.ts`, in `src` where there is such a folder, of a project with a tsconfig.json.
   */
  readonly types?: string | false | undefined;
  /** Where bundles are kept between builds; node_modules/.cache/gatework if left out. */
  readonly cacheDir?: string | undefined;
}

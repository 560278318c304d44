/**
 * The programs of a run. They live on a device that can be lost at any moment; where the options
 * say how, they are opened anew then.
 */
import { RuntimeFault, type Executable } from '../artifact/executable.ts';
import type { Reopened, TrainOptions } from './train-options.ts';

/** The fault of a program whose device is gone, and with it whatever was kept there. */
const deviceLost = 'T6405';

export class Programs {
  private readonly options: TrainOptions;
  /** Those of the last opening; undefined where those of the options still serve. */
  private reopened: Reopened | undefined;
  /** Steps done when a device was last lost. */
  private lostAt: number | undefined;

  constructor(options: TrainOptions) {
    this.options = options;
  }

  get executable(): Executable {
    return this.reopened?.executable ?? this.options.executable;
  }

  get validation(): Executable | undefined {
    return this.reopened?.validation ?? this.options.validation?.executable;
  }

  /**
   * After `error`, with `reached` steps done, those included that are lost and must be done again.
   * Throws `error` where it is no lost device, where nobody can open the programs again, and where
   * no step beyond those of the last loss was done: then a further try would end as this one did.
   */
  async reopen(error: unknown, reached: number): Promise<void> {
    const { reopen } = this.options;
    const lost = error instanceof RuntimeFault && error.code === deviceLost;
    if (!lost || reopen === undefined) throw error;
    if (this.lostAt !== undefined && reached <= this.lostAt) throw error;
    this.lostAt = reached;
    this.reopened = await reopen();
  }
}

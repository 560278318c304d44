/** Options of the commands that ask a trained model. */
import type { Command } from 'commander';
import { engineOptions, specOptions } from '../options.ts';

/** `SPEC`; `--weights` and `--vocabulary` only where that is no trained model's folder. */
export function trainedOptions(command: Command): Command {
  return engineOptions(
    specOptions(command, 'the folder of a trained model; or a spec, with --weights'),
  )
    .option('--weights <file>', 'safetensors; the folder of a trained model has its own')
    .option('--vocabulary <file>', 'model.json of a trained model; its folder has its own');
}

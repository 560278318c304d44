/** Options of the commands that ask a trained model. */
import type { Command } from 'commander';

/** `--weights`, `--vocabulary`: only where SPEC is no trained model's folder. */
export function trainedOptions(command: Command): Command {
  return command
    .option('--weights <file>', 'safetensors; the folder of a trained model has its own')
    .option('--vocabulary <file>', 'model.json of a trained model; its folder has its own');
}

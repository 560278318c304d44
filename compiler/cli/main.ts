#!/usr/bin/env node
/**
 * `gatework`: reads the command, loads that command's module and nothing else, runs it, and turns
 * what goes wrong into an exit status (see failure.ts). A new command is one file under commands/
 * and one line in the table.
 */
import { Command, CommanderError } from 'commander';
import { reportFailure, reportUsage } from './failure.ts';
import { guardStreams } from './output.ts';
import { version } from './version.ts';

interface CommandModule {
  /** Adds arguments, options and the action. */
  define(command: Command): void;
}

const commands: readonly (readonly [string, string, () => Promise<CommandModule>])[] = [
  ['check', 'say what is wrong with a spec', () => import('./commands/check.ts')],
  [
    'show',
    'layers, parameters, FLOPs; the graph as text or SVG',
    () => import('./commands/show.ts'),
  ],
  ['run', 'tensors in, tensors out', () => import('./commands/run.ts')],
  ['grad', 'loss and every gradient', () => import('./commands/grad.ts')],
  [
    'train',
    'train a model on data; progress bar, checkpoints, loss curve',
    () => import('./commands/train.ts'),
  ],
  ['eval', 'loss and metrics of a trained model on data', () => import('./commands/eval.ts')],
  ['sample', 'new sequences from a trained model', () => import('./commands/sample.ts')],
  ['score', 'log P and perplexity of texts', () => import('./commands/score.ts')],
  [
    'verify',
    'check a spec on every backend of this machine by random tests',
    () => import('./commands/verify.ts'),
  ],
  [
    'bench',
    'how fast a model runs or trains on the backends of this machine',
    () => import('./commands/bench.ts'),
  ],
  [
    'build',
    'a model as a module that runs everywhere, with no dependency',
    () => import('./commands/build.ts'),
  ],
  ['fmt', 'print a spec in its canonical form', () => import('./commands/fmt.ts')],
];

guardStreams();
await main(process.argv.slice(2));
await leave();

async function main(given: readonly string[]): Promise<void> {
  // `gatework help run` is `gatework run --help`.
  const args = given[0] === 'help' && given[1] !== undefined ? [given[1], '--help'] : [...given];
  try {
    const program = await programFor(args[0]);
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = reportUsage(error, args.includes('--json'));
    } else {
      process.exitCode = await reportFailure(error, args.includes('--json'));
    }
  }
}

/** A GPU's driver may keep the process alive; what was written must be out before it ends. */
async function leave(): Promise<void> {
  await Promise.all(
    [process.stdout, process.stderr].map(
      (stream) => new Promise<void>((resolve) => void stream.write('', () => resolve())),
    ),
  );
  process.exit();
}

async function programFor(name: string | undefined): Promise<Command> {
  const program = new Command('gatework')
    .description('A compiler for sequence models: write them, check them, run and train them.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(gatework help COMMAND tells more)');
  for (const [commandName, summary, load] of commands) {
    const command = program.command(commandName).description(summary);
    if (commandName === name) (await load()).define(command);
  }
  return program;
}

/**
 * The progress bar of training, on stderr: loss, perplexity or accuracy, tokens a second, time
 * left, as many of them as the terminal is wide. Nothing is written where stderr is no terminal, or
 * where the user wants quiet.
 */
import cliProgress from 'cli-progress';
import type { TrainProgress } from '../../runtime/train/train-options.ts';

export interface ProgressReporter {
  update(progress: TrainProgress): void;
  /** A line above the bar. */
  note(text: string): void;
  /** Leaves the bar as it stands and goes to a new line. */
  stop(): void;
}

export interface ProgressOptions {
  readonly quiet: boolean;
  /** stderr, unless a test looks. */
  readonly stream?: NodeJS.WriteStream;
}

/** Notes are written even where the bar is not, unless quiet. */
export function progressReporter(options: ProgressOptions): ProgressReporter {
  const stream = options.stream ?? process.stderr;
  if (options.quiet) return { update: nothing, note: nothing, stop: nothing };
  const note = (text: string): void => void stream.write(`${text}\n`);
  return stream.isTTY ? terminalBar(stream, note) : { update: nothing, note, stop: nothing };
}

/**
 * `loss 1.93  perplexity 6.92  12.3k tokens/s  1m 20s left`. Where that takes more than `room`
 * columns, what is wanted least is left out first: accuracy, then validation, then the speed.
 */
export function progressText(progress: TrainProgress, speed: Speed, room = Infinity): string {
  const parts = [part(0, `loss ${short(progress.loss)}`)];
  for (const [label, value] of Object.entries(progress.metrics)) {
    const share = label.endsWith('accuracy');
    parts.push(share ? part(5, percent(label, value)) : part(2, `${label} ${short(value)}`));
  }
  const { validation } = progress;
  if (validation !== undefined) parts.push(part(4, `valid ${short(validation.loss)}`));
  if (speed.tokensPerSecond > 0) parts.push(part(3, `${short(speed.tokensPerSecond)} tokens/s`));
  if (Number.isFinite(speed.secondsLeft))
    parts.push(part(1, `${duration(speed.secondsLeft)} left`));
  return fitted(parts, room);
}

interface Part {
  /** The highest goes first. */
  readonly rank: number;
  readonly text: string;
}

function part(rank: number, text: string): Part {
  return { rank, text };
}

function fitted(parts: readonly Part[], room: number): string {
  const text = parts.map((p) => p.text).join('  ');
  if (text.length <= room || parts.length <= 1) return text;
  const highest = Math.max(...parts.map((p) => p.rank));
  const last = parts.findLastIndex((p) => p.rank === highest);
  return fitted(parts.toSpliced(last, 1), room);
}

export interface Speed {
  readonly tokensPerSecond: number;
  readonly secondsLeft: number;
}

/** Speed over the last updates, told from their times in seconds. */
export class Speedometer {
  private readonly marks: {
    readonly at: number;
    readonly step: number;
    readonly tokens: number;
  }[] = [];
  private tokens = 0;

  measure(progress: TrainProgress, at: number): Speed {
    this.tokens += progress.tokens;
    this.marks.push({ at, step: progress.step, tokens: this.tokens });
    if (this.marks.length > marksKept) this.marks.shift();
    const [first] = this.marks;
    const seconds = first === undefined ? 0 : at - first.at;
    if (first === undefined || seconds <= 0) return { tokensPerSecond: 0, secondsLeft: Infinity };
    const stepsPerSecond = (progress.step - first.step) / seconds;
    return {
      tokensPerSecond: (this.tokens - first.tokens) / seconds,
      secondsLeft: (progress.totalSteps - progress.step) / stepsPerSecond,
    };
  }
}

const marksKept = 100;

function terminalBar(stream: NodeJS.WriteStream, note: (text: string) => void): ProgressReporter {
  const barsize = columnsOf(stream) < 110 ? 12 : 24;
  const bar = new cliProgress.SingleBar({
    stream,
    format: 'epoch {epoch} [{bar}] {value}/{total}  {text}',
    barsize,
    hideCursor: null,
    fps: 8,
  });
  const speedometer = new Speedometer();
  let started = false;
  return {
    update: (progress) => {
      const speed = speedometer.measure(progress, performance.now() / 1000);
      const { step, totalSteps, epoch } = progress;
      const head = `epoch ${epoch} [] ${step}/${totalSteps}  `.length + barsize;
      const text = progressText(progress, speed, columnsOf(stream) - head);
      const values = { epoch, text };
      if (!started) bar.start(totalSteps, step, values);
      started = true;
      bar.update(step, values);
    },
    note: (text) => {
      if (started) stream.write('\r\u001b[K');
      note(text);
      if (started) bar.render();
    },
    stop: () => {
      if (started) bar.stop();
    },
  };
}

/** Some terminals say that they have no columns. */
function columnsOf(stream: NodeJS.WriteStream): number {
  return stream.columns > 0 ? stream.columns : Infinity;
}

function nothing(): void {
  // Quiet.
}

function percent(label: string, value: number): string {
  return `${label} ${(100 * value).toFixed(1)}%`;
}

/** Three figures, zeros too, so that the text does not jump: `1.90`, `12.3k`, `0.00120`. */
function short(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1e6) return `${(value / 1e6).toPrecision(3)}M`;
  if (Math.abs(value) >= 1e4) return `${(value / 1e3).toPrecision(3)}k`;
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}m ${whole % 60}s`
    : `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}

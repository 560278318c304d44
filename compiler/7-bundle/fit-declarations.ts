/** The types by which a bundle is trained further. */
export const fitTypes = `
export interface FitOptions {
  /** Updates in all; those of \`epochs\` if left out. */
  readonly steps?: number | undefined;
  /** Rounds through the examples; 1 if neither is given. */
  readonly epochs?: number | undefined;
  /** Examples of one update; as the spec says if left out. */
  readonly batch?: number | undefined;
  /** Of the order of examples and of dropout; 1 if left out. */
  readonly seed?: number | undefined;
  /** A factor on the learning rate of the spec; 1 if left out. */
  readonly rate?: number | undefined;
  readonly onProgress?: ((progress: FitProgress) => void) | undefined;
  /** Once aborted, the update that runs is finished, and what was learned is returned. */
  readonly signal?: AbortSignal | undefined;
}

export interface FitProgress {
  /** Updates so far, those of earlier calls included. */
  readonly step: number;
  readonly totalSteps: number;
  /** From 1. */
  readonly epoch: number;
  /** Of this update's batch, before the update. */
  readonly loss: number;
  /** Perplexity, accuracy: what the loss has of them. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly rate: number;
  readonly gradientNorm: number;
  /** Time steps of this batch, padding not counted. */
  readonly tokens: number;
}

export interface Fitted {
  /** With what was learned; the model that learned stays as it was. */
  readonly model: Model;
  /** Updates of this call. */
  readonly steps: number;
  /** Of the last update's batch, before that update; NaN where there was none. */
  readonly loss: number;
  /** Whether the signal ended it. */
  readonly interrupted: boolean;
}
`;

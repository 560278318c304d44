/**
 * The door `gatework/verify`: random specs, shapes, weights and inputs for fast-check, runners of
 * graphs, the accuracy rule and laws, and a matcher for tests. What is not exported may change.
 */
export { inaccuracies, judged, roomsOf, type Judgement, type Room } from './accuracy.ts';
export { fileSpec, pipelineSpec, spec, type Spec, type SpecOptions } from './arbitraries/models.ts';
export { bindingsOf, data, drawArrays, type Data } from './arbitraries/data.ts';
export { allChecks } from './checks/all.ts';
export type { Backend, Check, CheckGroup, CheckResult } from './checks/check.ts';
export { backendOf, localBackends, localOracle } from './local-backends.ts';
export { verifyMatchers, type MatcherResult } from './matchers.ts';
export type { Failure, Skipped, Tally, VerifyOutcome } from './outcome.ts';
export type { GraphJob, GraphRunner, StepsJob } from './runner.ts';
export { interpreterRunner } from './runners/interpreter-runner.ts';
export { jsRunner, type JsRunnerOptions } from './runners/js-runner.ts';
export { kernelRunner, type KernelRunnerOptions } from './runners/kernel-runner.ts';
export { wasmRunner, type WasmRunnerOptions } from './runners/wasm-runner.ts';
export { webgpuRunner, type WebgpuRunnerOptions } from './runners/webgpu-runner.ts';
export { VerifySubject, type SubjectOptions } from './subject.ts';
export { trainingArbitrary, type TrainingDraw } from './training/draw.ts';
export { caseArbitrary, limitsOf, type CaseData, type VerifyCase } from './verify-case.ts';
export { verifyText, type VerifyTextOptions } from './verify-text.ts';
export { verify, type VerifyRequest } from './verify.ts';

/** Runs what must fail and gives its fault, so that a test can look at code, message and hint. */
import { RuntimeFault } from '../../runtime/artifact/executable.ts';

export function faultOf(action: () => unknown): RuntimeFault {
  try {
    action();
  } catch (error) {
    return asFault(error);
  }
  throw new Error('there was no fault');
}

export async function faultOfAsync(action: () => Promise<unknown>): Promise<RuntimeFault> {
  try {
    await action();
  } catch (error) {
    return asFault(error);
  }
  throw new Error('there was no fault');
}

function asFault(error: unknown): RuntimeFault {
  if (error instanceof RuntimeFault) return error;
  throw error;
}

import { StepFailed } from "./step-failed.ts";

/** Runs the steps of a command line tool. One that fails ends the process with code 1 and says what to do next. */
export async function endWell(steps: () => Promise<void>): Promise<void> {
  try {
    await steps();
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(`\n${error.message}\n\nNext: ${error.next}`);
    process.exitCode = 1;
  }
}

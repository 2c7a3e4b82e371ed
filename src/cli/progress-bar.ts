import type { JobReport } from "../job/job.js";

/** A progress bar on a terminal; a line a phase elsewhere. */
export function progressBar(stream: NodeJS.WriteStream, label: string): { report: JobReport; end(): void } {
  const width = 30;
  let lastPhase = "";
  return {
    report(phase, share) {
      if (stream.isTTY) {
        const done = Math.round(share * width);
        stream.write(
          `\r${label} ${"█".repeat(done)}${"░".repeat(width - done)} ${String(Math.round(share * 100)).padStart(3)} % ${phase.padEnd(12)}`,
        );
      } else if (phase !== lastPhase) stream.write(`${label}: ${phase}\n`);
      lastPhase = phase;
    },
    end() {
      if (stream.isTTY) stream.write("\r\x1b[K");
    },
  };
}

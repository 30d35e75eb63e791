/** Tells a line that is mostly noise from one on which a scan goes wrong now and then. */

/** Flaws beyond what codes make up for, from which a line counts as noisy: a bad scan or two stay below. */
const noisyFrom = 8;
/** Flaws that one code makes up for. */
const worthOfCode = 3;
/** Without a flaw for so long, a line is well. */
const quietMs = 5_000;

/** One line, from when it was plugged in. */
export type NoiseWatch = {
  /** Input came that was no code. */
  flaw(): void;
  /** A code came. False where the line is noisy: then it may well be noise that looks like one. */
  code(): boolean;
  /** The line has gone: nobody is told any more. */
  end(): void;
};

/** `tell` hears when the line becomes noisy, and when it was quiet for five seconds after. */
export function watchNoise(tell: (isNoisy: boolean) => void): NoiseWatch {
  let score = 0;
  let isNoisy = false;
  let timer: NodeJS.Timeout | undefined;

  function quieten(): void {
    score = 0;
    if (!isNoisy) return;
    isNoisy = false;
    tell(false);
  }

  return {
    flaw() {
      clearTimeout(timer);
      timer = setTimeout(quieten, quietMs);
      score += 1;
      if (isNoisy || score < noisyFrom) return;
      isNoisy = true;
      tell(true);
    },
    code() {
      score = Math.max(0, score - worthOfCode);
      return !isNoisy;
    },
    end: () => clearTimeout(timer),
  };
}

/** A kernel's version. */
export interface Kernel {
  /** "5.15.0": what can be compared. */
  readonly version: string;
  /** "5.15.0-91-generic": as `uname -r` prints it. */
  readonly release: string;
  /** Its vendor carries changes back from newer kernels, so that the version alone rules nothing out. */
  readonly isBackported: boolean;
}

/** From `uname -r`, `uname -a`, /proc/version, or a bare "5.15". Undefined where no version stands. */
export function parseKernel(text: string): Kernel | undefined {
  const release = /^(?:Linux version |Linux \S+ )?(\d+\.\d+[\w.+~-]*)/.exec(text.trim())?.[1];
  const version = release && /^\d+(\.\d+){1,2}/.exec(release)?.[0];
  return release && version ? { version, release, isBackported: /\.el\d|\.amzn|uek|-default$/.test(release) } : undefined;
}

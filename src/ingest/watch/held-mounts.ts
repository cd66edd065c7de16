/** Mount points below the watched directory that have held files. One that has lost its file system looks like an empty directory. */
export class HeldMounts {
  readonly #held = new Set<string>();
  /** Those below which the scan under way has listed a file. */
  readonly #seen = new Set<string>();
  #atBegin: readonly string[] = [];

  /** `mounts`: the mount points that there are, by the names that the scan has for them. */
  scanBegins(mounts: readonly string[]): void {
    this.#atBegin = mounts;
    this.#seen.clear();
  }

  see(files: readonly { readonly path: string }[]): void {
    for (const mount of new Set([...this.#atBegin, ...this.#held]))
      if (!this.#seen.has(mount) && files.some(({ path }) => path.startsWith(`${mount}/`)))
        this.#seen.add(mount);
  }

  /**
   * Of a complete scan, which met these directories. Returns the mount points that are empty and without their file system. One whose
   * directory is gone, or has files of its own, was given up on purpose.
   */
  scanEnds(mounts: readonly string[], directories: ReadonlySet<string>): string[] {
    for (const mount of mounts)
      if (this.#atBegin.includes(mount) && this.#seen.has(mount)) this.#held.add(mount);
    const lost = [...this.#held].filter((mount) => !mounts.includes(mount));
    for (const mount of lost) if (this.#seen.has(mount) || !directories.has(mount)) this.#held.delete(mount);
    return lost.filter((mount) => this.#held.has(mount));
  }
}

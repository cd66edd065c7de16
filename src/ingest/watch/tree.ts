/** Which files of a tree are meant. */
export interface Tree {
  readonly directory: string;
  readonly pattern: string;
  /** Enter linked directories, each once, and read links that lead out of the tree. */
  readonly followLinks: boolean;
}

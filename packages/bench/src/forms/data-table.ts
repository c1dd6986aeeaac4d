/** Table for any form: the first column names its row, all others are aligned. */
export interface DataTable {
  readonly columns: readonly string[]
  /** Number of first columns that name a row; 1 unless said. */
  readonly labels?: number
  /**
   * Sizes of the groups of columns behind the labels, which stay together where a table is cut;
   * columns beyond the last group stand alone.
   */
  readonly groups?: readonly number[]
  readonly rows: readonly (readonly string[])[]
}

/** Figures for people, ready for any form: the first column names its row, all others are aligned. */
export interface DataTable {
  readonly columns: readonly string[]
  /** How many of the first columns say what a row is about; 1 unless said. */
  readonly labels?: number
  /**
   * How many columns behind the labels belong together, group by group, and stay together where a table
   * is cut; columns beyond the last group stand alone.
   */
  readonly groups?: readonly number[]
  readonly rows: readonly (readonly string[])[]
}

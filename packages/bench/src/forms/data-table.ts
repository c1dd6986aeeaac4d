/** Figures for people, ready for any form: the first column names its row, all others are aligned. */
export interface DataTable {
  readonly columns: readonly string[]
  /** How many of the first columns say what a row is about; 1 unless said. */
  readonly labels?: number
  readonly rows: readonly (readonly string[])[]
}

import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Line } from '../cli/line.ts'
import type { TerminalStream } from '../cli/terminal.ts'
import { UsageError } from '../cli/usage-error.ts'

/** Which forms the user chose. */
export interface ChosenForms {
  readonly json: boolean
  readonly markdown: boolean
  readonly html: string | undefined
}

/** A result in every form, each made only where it is wanted. */
export interface ResultForms {
  readonly data: unknown
  /** For so many columns. */
  readonly text: (columns: number) => readonly Line[]
  readonly markdown: () => string
  readonly html: () => string
}

/** Throws {@link UsageError} where what was chosen cannot all be had. */
export function checkForms({ json, markdown, html }: ChosenForms): void {
  if (json && markdown) throw new UsageError('--json and --markdown cannot both be printed')
  if (html === '') throw new UsageError("--html must name a file, got ''")
  // A run that took minutes is not to end at a folder that is not there.
  if (html !== undefined && !existsSync(path.dirname(html))) {
    throw new UsageError(`--html must name a file in a folder that exists, got '${html}'`)
  }
}

/** Prints a result as it was chosen, and writes its HTML where that is wanted. */
export function writeForms(
  forms: ResultForms,
  { json, markdown, html }: ChosenForms,
  out: TerminalStream,
): void {
  if (json) out.write(`${JSON.stringify(forms.data)}\n`)
  else if (markdown) out.write(forms.markdown())
  else out.writeLines(forms.text(out.columns))
  if (html !== undefined) writeFileSync(html, forms.html())
}

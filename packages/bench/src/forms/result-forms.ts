import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Line } from '../cli/line.ts'
import type { TerminalStream } from '../cli/terminal.ts'
import { UsageError } from '../cli/usage-error.ts'

/** Forms that the user chose. */
export interface ChosenForms {
  readonly json: boolean
  readonly markdown: boolean
  readonly html: string | undefined
}

/** Result in every form; each form is made only if it is wanted. */
export interface ResultForms {
  readonly data: unknown
  /** Lines for so many columns. */
  readonly text: (columns: number) => readonly Line[]
  readonly markdown: () => string
  readonly html: () => string
}

/**
 * Checks that the chosen forms go together.
 *
 * @throws UsageError where they do not
 */
export function checkForms({ json, markdown, html }: ChosenForms): void {
  if (json && markdown) throw new UsageError('--json and --markdown cannot both be printed')
  if (html === '') throw new UsageError("--html must name a file, got ''")
  // A run that took minutes must not end at a folder that does not exist.
  if (html !== undefined && !existsSync(path.dirname(html))) {
    throw new UsageError(`--html must name a file in a folder that exists, got '${html}'`)
  }
}

/** Prints a result in the chosen form, and writes its HTML if it is wanted. */
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

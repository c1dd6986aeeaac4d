import { tryLine } from './try-line.ts'
import { tryTypeScript } from './try-type-script.ts'

tryTypeScript(tryLine('node20'))

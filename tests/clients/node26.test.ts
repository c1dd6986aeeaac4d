import { tryLine } from './try-line.ts'
import { tryRuntimes } from './try-runtimes.ts'

tryRuntimes(tryLine('node26'))

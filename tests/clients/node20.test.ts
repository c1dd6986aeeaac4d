import { tryLine } from './try-line.ts'

tryLine('node20')

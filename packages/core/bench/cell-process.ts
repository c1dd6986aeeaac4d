/** Measures the one cell that it is told, in a process that has done nothing else. */

import process from 'node:process'
import { CELLS, MEASURES } from './cells.ts'

const cell = CELLS[Number(process.argv[2])]
const measure = cell === undefined ? undefined : MEASURES[cell.row]
if (cell === undefined || measure === undefined) throw new Error('there is no such cell')
process.stdout.write(String(await measure(cell)))

// Runs in the page of a report, without which everything can be read as well: it switches between
// light and dark, and reads a chart's numbers off its table.
const root = document.documentElement
const toggle = document.querySelector('#theme')
const prefersDark = matchMedia('(prefers-color-scheme: dark)')

function isDark() {
  return root.dataset.theme === undefined ? prefersDark.matches : root.dataset.theme === 'dark'
}

function label() {
  toggle.textContent = isDark() ? 'Light' : 'Dark'
  toggle.setAttribute('aria-label', `Switch to ${isDark() ? 'light' : 'dark'} colours`)
}

toggle.hidden = false
toggle.addEventListener('click', () => {
  root.dataset.theme = isDark() ? 'light' : 'dark'
  label()
})
prefersDark.addEventListener('change', label)
label()

/** What a row of a table says: what it is about, then all that is not 0 with its column's name. */
function describeRow(table, index) {
  const names = Array.from(table.tHead.rows[0].cells, (cell) => cell.textContent)
  const cells = Array.from(table.tBodies[0].rows[index].cells, (cell) => cell.textContent)
  const labels = Number(table.dataset.labels)
  const figures = cells
    .map((cell, column) => (cell === '0' ? '' : `${names[column]} ${cell}`))
    .filter((text, column) => column >= labels && text !== '')
  return [...cells.slice(0, labels), ...figures].join(' · ')
}

function follow(chart) {
  const stops = chart.dataset.points.split(' ').map((point) => {
    const [x, top, bottom, row] = point.split(':').map(Number)
    return { x, top, bottom, row }
  })
  const table = document.querySelector(`#${chart.dataset.table}`)
  const readout = document.querySelector(`#${chart.dataset.readout}`)
  const cursor = chart.querySelector('.cursor')
  const hint = readout.textContent
  let current = -1

  function show(index) {
    const { x, top, bottom, row } = stops[index]
    current = index
    for (const [name, value] of Object.entries({ x1: x, x2: x, y1: top, y2: bottom })) {
      cursor.setAttribute(name, value)
    }
    cursor.setAttribute('visibility', 'visible')
    readout.textContent = describeRow(table, row)
  }

  function hide() {
    cursor.setAttribute('visibility', 'hidden')
    readout.textContent = hint
    current = -1
  }

  chart.addEventListener('pointermove', ({ clientX, clientY }) => {
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(chart.getScreenCTM().inverse())
    // Panels lie beside and below each other: the nearest stop of the panel that is pointed at.
    const distance = (stop) =>
      Math.abs(stop.x - x) + 10 * Math.max(0, stop.top - y - 30, y - stop.bottom - 30)
    show(
      stops.reduce(
        (best, stop, index) => (distance(stop) < distance(stops[best]) ? index : best),
        0,
      ),
    )
  })
  chart.addEventListener('pointerleave', hide)
  chart.addEventListener('blur', hide)
  chart.addEventListener('keydown', (event) => {
    const last = stops.length - 1
    const next = {
      ArrowRight: Math.min(last, current + 1),
      ArrowLeft: current < 0 ? last : Math.max(0, current - 1),
      Home: 0,
      End: last,
    }[event.key]
    if (event.key === 'Escape') hide()
    if (next === undefined) return
    event.preventDefault()
    show(next)
  })
}

for (const chart of document.querySelectorAll('.chart[data-points]')) follow(chart)

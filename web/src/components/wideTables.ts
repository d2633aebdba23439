import { text } from './text.ts'

/** Which of a table's sides has more than the window shows. */
function moreOf(box: HTMLElement): string {
  const hidden = box.scrollWidth - box.clientWidth
  // Negative where the text runs from right to left.
  const at = Math.abs(box.scrollLeft)
  return [...(at > 1 ? ['start'] : []), ...(at < hidden - 1 ? ['end'] : [])].join(' ')
}

/**
 * A table that fits needs no scrolling box, and its header can stay in sight while the page scrolls. One that does not gets room for
 * its words, a sentence that says so, and edges that fade where there is more.
 */
function fit(box: HTMLElement): void {
  const frame = box.parentElement
  const hint = frame?.previousElementSibling
  // Measured without the room that only a table too wide is given.
  box.classList.remove('is-wide')
  const table = box.querySelector('table')
  const isWide = table !== null && table.offsetWidth > box.clientWidth + 1
  box.classList.toggle('is-fitting', !isWide)
  box.classList.toggle('is-wide', isWide)
  if (frame) frame.dataset.more = isWide ? moreOf(box) : ''
  if (hint instanceof HTMLElement && table) {
    hint.hidden = !isWide
    const said = text.wideTable(table.rows[0]?.cells.length ?? 0)
    if (hint.textContent !== said) hint.textContent = said
    if (isWide) box.setAttribute('aria-describedby', hint.id)
    else box.removeAttribute('aria-describedby')
  }
}

/** Puts a sentence and a frame around a box with a table; what `fit` fills in. */
export function frameTable(box: HTMLElement, id: string): void {
  const hint = document.createElement('p')
  hint.className = 'wide-table__hint'
  hint.id = id
  hint.hidden = true
  const frame = document.createElement('div')
  frame.className = 'wide-table'
  box.replaceWith(hint, frame)
  frame.append(box)
}

/** Keeps all framed tables below an element fitted to its width. Returns what stops it. */
export function watchWideTables(root: HTMLElement): () => void {
  const boxes = [...root.querySelectorAll<HTMLElement>('.wide-table > .m-table-wrap')]
  const fitAll = () => boxes.forEach(fit)
  const onScroll = (event: Event) => {
    const box = event.target
    if (box instanceof HTMLElement && box.parentElement?.matches('.wide-table')) {
      box.parentElement.dataset.more = box.classList.contains('is-wide') ? moreOf(box) : ''
    }
  }
  fitAll()
  const observer = new ResizeObserver(fitAll)
  observer.observe(root)
  root.addEventListener('scroll', onScroll, { capture: true, passive: true })
  return () => {
    observer.disconnect()
    root.removeEventListener('scroll', onScroll, { capture: true })
  }
}

import { type KeyboardEvent, type MouseEvent, useId, useLayoutEffect, useRef } from 'react'
import { type FragmentLink, linkOf } from '../lib/fragment-link.ts'
import { sanitise } from '../lib/sanitise.ts'
import { text } from './text.ts'
import { frameTable, watchWideTables } from './wideTables.ts'

export interface FragmentProps {
  html: string
  onOpen: (link: FragmentLink, newTab: boolean) => void
  onSort?: (sort: string) => void
  onTurnPage?: (step: 1 | -1) => void
  onCopyRow?: (row: HTMLElement) => void
  isStale?: boolean
}

/** The row that was clicked or walked to last is marked, for copying. */
function mark(box: HTMLElement, row: Element | null): void {
  if (!row) return
  for (const marked of box.querySelectorAll('tr[data-marked]')) marked.removeAttribute('data-marked')
  row.setAttribute('data-marked', '')
}

const rowsOf = (box: HTMLElement): HTMLElement[] => [...box.querySelectorAll<HTMLElement>('tbody > tr')]

/** Arrow keys, Home and End over rows. True when the key was for that. */
function moveOverRows(box: HTMLElement, key: string): boolean {
  const rows = rowsOf(box)
  const at = rows.findIndex((row) => row.contains(document.activeElement))
  const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[key]
  if (target === undefined || rows.length === 0) return false
  if ((key === 'Home' || key === 'End') && at < 0) return false
  if (key === 'ArrowUp' && at <= 0) return false
  rows[Math.min(target, rows.length - 1)]?.focus()
  return true
}

/** Puts a sanitised fragment into the page, and turns its links, sort buttons and rows into actions. */
export function Fragment({ html, onOpen, onSort, onTurnPage, onCopyRow, isStale = false }: FragmentProps) {
  const box = useRef<HTMLDivElement>(null)
  const focusAfter = useRef<string>('')
  const id = useId()

  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const content = sanitise(html)
    for (const row of content.querySelectorAll<HTMLElement>('tbody > tr')) row.tabIndex = -1
    // The panel around it has the same name; two landmarks may not.
    for (const [at, wrap] of content.querySelectorAll<HTMLElement>('.m-table-wrap').entries()) {
      wrap.setAttribute('aria-label', text.tableOf(wrap.getAttribute('aria-label') ?? ''))
      frameTable(wrap, `${id}wide${at}`)
    }
    element.replaceChildren(content)
    if (focusAfter.current) element.querySelector<HTMLElement>(focusAfter.current)?.focus({ preventScroll: true })
    focusAfter.current = ''
    return watchWideTables(element)
  }, [html, id])

  const open = (element: Element | null, newTab: boolean): boolean => {
    const link = linkOf(element)
    if (link) onOpen(link, newTab)
    return link !== undefined
  }

  const onClick = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : null
    const sort = target?.closest<HTMLElement>('[data-sort]')?.dataset.sort
    if (sort && onSort) {
      focusAfter.current = `[data-sort="${CSS.escape(sort)}"]`
      onSort(sort)
      return
    }
    const link = target?.closest('a')
    if (!link) return
    event.preventDefault()
    open(link, event.ctrlKey || event.metaKey || event.button === 1)
  }

  const onDoubleClick = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : null
    if (target?.closest('a, button, summary')) return
    if (open(target?.closest('tbody > tr') ?? null, false)) getSelection()?.removeAllRanges()
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const element = box.current
    const target = event.target instanceof HTMLElement ? event.target : null
    if (!element || !target || event.altKey || event.ctrlKey || event.metaKey) return
    const row = target.matches('tbody > tr') ? target : null
    if (moveOverRows(element, event.key)) event.preventDefault()
    else if (row && event.key === 'Enter' && open(row, false)) event.preventDefault()
    else if (row && event.key === 'c' && onCopyRow) {
      event.preventDefault()
      onCopyRow(row)
    } else if ((event.key === '[' || event.key === ']') && onTurnPage) {
      event.preventDefault()
      focusAfter.current = 'tbody > tr'
      onTurnPage(event.key === ']' ? 1 : -1)
    }
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the handlers serve the links, buttons and rows inside
    <div
      ref={box}
      className="fragment"
      aria-busy={isStale}
      onFocus={(event) => {
        if (box.current && event.target instanceof Element) mark(box.current, event.target.closest('tbody > tr'))
      }}
      onClick={onClick}
      onAuxClick={(event) => (event.button === 1 ? onClick(event) : undefined)}
      onDoubleClick={onDoubleClick}
      onKeyDown={onKeyDown}
    />
  )
}

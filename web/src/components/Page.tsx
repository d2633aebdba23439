import { type ReactNode, useEffect } from 'react'

interface PageProps {
  title: string
  /** What stands in the browser's title where it differs: no personal data, since titles end up in the browser's history. */
  documentTitle?: string
  lead?: ReactNode
  kind?: 'read' | 'wide'
  children?: ReactNode
}

export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Muniment`
  }, [title])
}

export function Page({ title, documentTitle = title, lead, kind = 'read', children }: PageProps) {
  useDocumentTitle(documentTitle)
  return (
    <div className={`page page--${kind}`}>
      <h1 tabIndex={-1}>{title}</h1>
      {lead ? <p className="lead">{lead}</p> : null}
      {children}
    </div>
  )
}

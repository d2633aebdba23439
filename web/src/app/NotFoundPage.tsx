import { Link } from '@tanstack/react-router'
import { Page } from '../components/Page.tsx'
import { text } from './text.ts'

export function NotFoundPage() {
  return (
    <Page title={text.notFound.title}>
      <p className="measure">{text.notFound.text}</p>
      <p>
        <Link to="/">{text.notFound.back}</Link>
      </p>
    </Page>
  )
}

import { Link } from '@tanstack/react-router'
import { Page } from '../../components/Page.tsx'
import { text } from './text.ts'

export function MissingSearch() {
  return (
    <Page title={text.notFound}>
      <p className="measure">{text.notFoundHint}</p>
      <Link to="/searches">{text.searches}</Link>
    </Page>
  )
}

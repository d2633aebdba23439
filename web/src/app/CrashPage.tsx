import { Page } from '../components/Page.tsx'
import { text } from './text.ts'

/** Full loads, not router links: the router itself may be what failed. */
export function CrashPage({ error }: { error: unknown }) {
  console.error(error)
  return (
    <Page title={text.crash.title}>
      <p className="measure">{text.crash.text}</p>
      <p className="actions">
        <button type="button" className="button" onClick={() => location.reload()}>
          {text.crash.again}
        </button>
        <a href="/">{text.crash.back}</a>
      </p>
    </Page>
  )
}

import { Page } from '../../components/Page.tsx'
import type { Begun } from '../../lib/session/session.ts'
import { text } from './text.ts'

interface SignInPageProps {
  of: Exclude<Begun, 'ready' | 'leaving'>
}

/** What there is to see without being signed in. */
export function SignInPage({ of }: SignInPageProps) {
  const { title, lead, action } = text.pages[of]
  const again = of === 'signed-out' || of === 'refused' ? '/' : location.href
  return (
    <main id="content">
      <Page title={title} lead={lead}>
        {action === undefined ? null : (
          <p className="actions">
            <a className="button button--primary" href={again}>
              {action}
            </a>
          </p>
        )}
      </Page>
    </main>
  )
}

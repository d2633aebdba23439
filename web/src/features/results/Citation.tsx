import type { Search } from '@muniment/api/contract'
import { useState } from 'react'
import { useApplications } from '../../api/applications.ts'
import { announce } from '../../lib/announce.ts'
import { copyText } from '../../lib/copy.ts'
import { formatMoment } from '../../lib/format.ts'
import { isolated } from '../../lib/isolated.ts'
import { readTitleDate, readTitleFixed, titleInputs } from '../../lib/search-words.ts'
import { useSettings } from '../../lib/settings.ts'
import { text } from './text.ts'

export function Citation({ search }: { search: Search }) {
  const { dates } = useSettings()
  const { data: applications } = useApplications()
  const [isCopied, setIsCopied] = useState(false)
  const { record } = search
  if (!record) return null
  const application = applications?.find((one) => one.name === search.application)?.title ?? search.application
  const citation = [
    `${record.kind} ${record.number}`,
    ...(record.holder ? [isolated(record.holder)] : []),
    ...(record.state ? [record.state.toLowerCase()] : []),
    readTitleDate(titleInputs(search), dates).replace(/^As/, 'as'),
    ...readTitleFixed(search),
    application,
    `Muniment search ${search.id}`,
    `${formatMoment(search.started, dates)}, ${search.person}`,
  ].join('; ')
  const copy = async () => {
    const done = await copyText(citation)
    setIsCopied(done)
    announce(done ? text.cited : text.panel.copyRefused)
  }
  return (
    <button type="button" className="quiet" onClick={() => void copy()} data-print="never">
      {isCopied ? text.cited : text.cite}
    </button>
  )
}

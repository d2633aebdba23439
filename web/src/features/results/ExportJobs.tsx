import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useCancelExport } from '../../api/cancel-export.ts'
import { exportAddress, useExport } from '../../api/export.ts'
import { ProblemNote, problemOf } from '../../components/ProblemNote.tsx'
import { announce } from '../../lib/announce.ts'
import { formatBytes } from '../../lib/format.ts'
import { text } from './text.ts'

interface ExportJobsProps {
  ids: string[]
  onDismiss: (id: string) => void
}

function goTo(address: string, fileName: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = fileName
  link.click()
}

function ExportJob({ id, onDismiss }: { id: string; onDismiss: () => void }) {
  const { data: job, error } = useExport(id)
  const cancel = useCancelExport()
  const state = job?.state
  const fileName = job?.fileName ?? ''
  const companion = job?.companion
  const asked = useRef(Date.now())
  const download = useMutation({
    mutationFn: async ([of, name]: ['file' | 'companion', string]) => goTo((await exportAddress(id, of)).address, name),
  })
  const fetchFile = download.mutate

  useEffect(() => {
    if (state === 'done') {
      announce(text.job.ready(fileName))
      // What was asked for a moment ago is fetched without another click; later it might surprise.
      if (Date.now() - asked.current < 15_000) fetchFile(['file', fileName])
    } else if (state === 'failed') announce(text.job.failed(fileName))
  }, [state, fileName, fetchFile])

  if (error) return <ProblemNote problem={problemOf(error)} />
  if (!job) return null
  const isOver = job.state === 'done' || job.state === 'failed' || job.state === 'cancelled'
  const sentence = {
    queued: text.job.preparing,
    running: text.job.preparing,
    done: text.job.ready,
    failed: text.job.failed,
    cancelled: text.job.cancelled,
  }[job.state](fileName)
  const facts = [
    ...(job.rows === undefined ? [] : [text.job.rows(job.rows)]),
    ...(job.bytes === undefined ? [] : [formatBytes(job.bytes)]),
  ].join(' · ')
  return (
    <li className="job">
      <span className="job__name">{sentence}</span>
      {isOver ? null : (
        <progress aria-label={sentence} max={1} {...(job.progress === undefined ? {} : { value: job.progress })} />
      )}
      {facts ? <span className="facts">{facts}</span> : null}
      {job.state === 'done' ? (
        <>
          <button type="button" className="as-link" onClick={() => fetchFile(['file', fileName])}>
            {text.job.download}
          </button>
          {companion ? (
            <button type="button" className="as-link" onClick={() => fetchFile(['companion', companion])}>
              {text.job.companion}
            </button>
          ) : null}
        </>
      ) : null}
      <button type="button" className="quiet" onClick={() => (isOver ? onDismiss() : cancel.mutate(id))}>
        {isOver ? text.job.dismiss : text.job.cancel}
      </button>
      {job.problem ? <ProblemNote problem={job.problem} /> : null}
      {download.error ? <ProblemNote problem={problemOf(download.error)} /> : null}
      {cancel.error ? <ProblemNote problem={problemOf(cancel.error)} /> : null}
    </li>
  )
}

export function ExportJobs({ ids, onDismiss }: ExportJobsProps) {
  if (ids.length === 0) return null
  return (
    <ul className="jobs" data-print="never">
      {ids.map((id) => (
        <ExportJob key={id} id={id} onDismiss={() => onDismiss(id)} />
      ))}
    </ul>
  )
}

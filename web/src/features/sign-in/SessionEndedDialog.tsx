import { useState } from 'react'
import { Modal } from '../../components/Modal.tsx'
import { text } from './text.ts'

interface SessionEndedDialogProps {
  onOpen: () => boolean
  onLeave: () => void
}

export function SessionEndedDialog({ onOpen, onLeave }: SessionEndedDialogProps) {
  const [said, setSaid] = useState('')
  return (
    <Modal title={text.ended.title} description={text.ended.lead} onClose={onLeave}>
      <p role="status">{said}</p>
      <p className="actions">
        <button
          type="button"
          className="button button--primary"
          onClick={() => setSaid(onOpen() ? text.ended.opened : text.ended.blocked)}
        >
          {text.ended.open}
        </button>
        <button type="button" className="button" onClick={onLeave}>
          {text.ended.leave}
        </button>
      </p>
    </Modal>
  )
}

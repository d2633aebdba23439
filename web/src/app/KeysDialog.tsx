import { Modal } from '../components/Modal.tsx'
import { text } from './text.ts'

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal title={text.keys.title} onClose={onClose}>
      <dl className="keys">
        {text.keys.list.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>{keys.split(' ').map((key) => (key === 'then' ? ` ${key} ` : <kbd key={key}>{key}</kbd>))}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p className="hint keys__off">{text.keys.off}</p>
      <p className="actions">
        <button type="button" className="button" onClick={onClose}>
          {text.keys.close}
        </button>
      </p>
    </Modal>
  )
}

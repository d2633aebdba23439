import type { ModelDescription } from '@muniment/api/contract'
import { text } from './text.ts'

export function CodeLists({ model }: { model: ModelDescription }) {
  const lists = Object.entries(model.codeLists).sort(([, left], [, right]) => left.title.localeCompare(right.title))
  if (lists.length === 0) return null
  return (
    <section className="model-domain" aria-labelledby="code-lists">
      <h2 id="code-lists">{text.codeLists}</h2>
      <div className="code-lists">
        {lists.map(([name, list]) => (
          <details key={name} id={`codes-${name}`}>
            <summary>
              {list.title} <span className="facts">{text.codes(list.values.length)}</span>
            </summary>
            {list.description ? <p className="hint">{list.description}</p> : null}
            <dl className="codes">
              {list.values.map((value) => (
                <div key={value.code}>
                  <dt className="m-id">{value.code}</dt>
                  <dd>
                    {value.label}
                    {value.description ? <span className="hint">{value.description}</span> : null}
                  </dd>
                </div>
              ))}
            </dl>
          </details>
        ))}
      </div>
    </section>
  )
}

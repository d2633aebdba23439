import { useMe } from '../../api/me.ts'
import { Page } from '../../components/Page.tsx'
import { changeSettings, checkSettings, useSettings } from '../../lib/settings.ts'
import { text } from './text.ts'

export function SettingsPage() {
  const settings = useSettings()
  const { data: me } = useMe()
  return (
    <Page title={text.title} lead={text.lead}>
      <form className="form">
        {text.groups.map((group) => (
          <fieldset key={group.key} className="field choices choices--row">
            <legend>{group.label}</legend>
            {group.options.map(([value, label]) => (
              <label key={value} className="choice">
                <input
                  type="radio"
                  name={group.key}
                  value={value}
                  checked={settings[group.key] === value}
                  onChange={() => changeSettings(checkSettings({ ...settings, [group.key]: value }))}
                />
                <span>{label}</span>
              </label>
            ))}
          </fieldset>
        ))}
      </form>
      {me ? (
        <section className="examples" aria-labelledby="person">
          <h2 id="person">{text.person}</h2>
          <p>
            {me.name} <span className="m-id">{me.id}</span>
          </p>
          {me.groups.length > 0 ? (
            <p className="hint">
              {text.groupsOf}: {me.groups.join(', ')}
            </p>
          ) : null}
        </section>
      ) : null}
    </Page>
  )
}

import type { SamplePerson } from '@muniment/archive/identity/sample-people'
import { html } from 'hono/html'

type Html = ReturnType<typeof html>

/** A page of the provider, without any script it would not work without. */
async function page(title: string, content: Html): Promise<string> {
  return String(
    await html`<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title} – Muniment</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="preload" href="/oidc/fonts/source-serif-4-latin-wght-normal.woff2" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="/oidc/pages.css">
</head>
<body>
<header><p class="product">Muniment</p></header>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`,
  )
}

export const samplePage = (people: readonly SamplePerson[]): Promise<string> =>
  page(
    'Choose who you are',
    html`<p class="lead"><strong>This is a demonstration.</strong> The people below are invented, and nobody is asked for a password. They are
gone as soon as sign-in is configured, and until then this server answers to this machine only.</p>
<form method="post">
<ul class="people">
${people.map(
  ({ id, name, role }) => html`<li>
<button type="submit" name="person" value="${id}" aria-describedby="role-${id}">${name}</button>
<p id="role-${id}">${role}</p>
</li>`,
)}
</ul>
</form>`,
  )

export const passwordPage = (problem?: string): Promise<string> =>
  page(
    'Sign in',
    html`${problem === undefined ? '' : html`<div class="problem" role="alert" id="problem"><p>${problem}</p></div>`}
<form method="post">
<p class="field"><label for="user">User name</label>
<input id="user" name="user" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="100" required autofocus></p>
<p class="field"><label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="512" required></p>
<p class="actions"><button type="submit" class="primary">Sign in</button></p>
</form>
<p class="hint">Forgotten it? Whoever runs the archive can give you another one.</p>`,
  )

/** Asks the browser to send a form on; where scripts run, without a click. */
export const sendOnPage = (title: string, action: string, fields: Record<string, string>): Promise<string> =>
  page(
    title,
    html`<form method="post" action="${action}" data-send>
${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<p class="actions"><button type="submit" class="primary">Continue</button></p>
</form>
<script src="/oidc/send.js" defer></script>`,
  )

/** For whoever comes from elsewhere: another page must not be able to sign somebody out. */
export const signOutPage = (action: string, secret: string): Promise<string> =>
  page(
    'Sign out?',
    html`<form method="post" action="${action}">
<input type="hidden" name="xsrf" value="${secret}">
<p class="actions"><button type="submit" class="primary" name="logout" value="yes">Sign out</button>
<a href="/">Stay signed in</a></p>
</form>`,
  )

export const signedOutPage = (): Promise<string> =>
  page('You are signed out', html`<p class="actions"><a href="/">Sign in again</a></p>`)

export const troublePage = (sentence: string): Promise<string> =>
  page(
    'You could not be signed in',
    html`<p class="lead">${sentence} Nothing was changed.</p>
<p class="actions"><a href="/">Begin again</a></p>`,
  )

export const sendScript = 'document.querySelector("form[data-send]")?.requestSubmit()\n'

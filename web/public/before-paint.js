// Runs before the first paint, so that a chosen theme or density never flashes. A file of its own: the policy allows no inline script.
try {
  const settings = JSON.parse(localStorage.getItem('muniment.settings') ?? '{}')
  if (settings.theme === 'light' || settings.theme === 'dark') document.documentElement.dataset.theme = settings.theme
  document.documentElement.dataset.density = settings.density === 'comfortable' ? 'comfortable' : 'compact'
} catch {
  document.documentElement.dataset.density = 'compact'
}

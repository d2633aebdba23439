/** For whoever deploys: the settings, or what they name, cannot be built. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const api = process.env.MUNIMENT_API ?? 'http://127.0.0.1:8080'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The policy allows fonts from 'self' only: a font inlined as data: would be refused.
    assetsInlineLimit: 0,
    manifest: true,
    target: 'es2023',
    // light-dark() stays as it is: its substitute would not follow a colour scheme set on a part of the page.
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
  },
  // The server has to know this address: start it with MUNIMENT_ORIGIN=http://localhost:5173.
  server: { proxy: Object.fromEntries(['/api', '/oidc', '/sign-in.json'].map((path) => [path, api])) },
})

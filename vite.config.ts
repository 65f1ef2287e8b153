import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

const server = process.env['PUBLIC_URL'] ?? `http://localhost:${process.env['PORT'] ?? 3000}`

/** The build is made for them, and index.html names them to whoever has an older one. */
const oldestBrowsers = { Chrome: '123', Edge: '123', Firefox: '121', Safari: '17.5' }

function namedBrowsers(): Plugin {
  const names = Object.entries(oldestBrowsers).map(([name, version]) => `${name} ${version}`)
  const list = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
  return {
    name: 'named-browsers',
    transformIndexHtml: (html) => html.replaceAll('%OLDEST_BROWSERS%', list),
  }
}

/**
 * Every text file also as .br and .gz beside it, so that the server sends it small without work at each
 * request.
 */
function compressed(): Plugin {
  let outDir = ''
  return {
    name: 'compressed',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir)
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        for (const file of readdirSync(outDir, { recursive: true, encoding: 'utf8' })) {
          if (!/\.(js|css|svg|webmanifest)$/.test(file)) continue
          const bytes = readFileSync(join(outDir, file))
          writeFileSync(join(outDir, `${file}.br`), brotliCompressSync(bytes))
          writeFileSync(join(outDir, `${file}.gz`), gzipSync(bytes))
        }
      },
    },
  }
}

export default defineConfig({
  plugins: [
    namedBrowsers(),
    compressed(),
    react(),
    tailwindcss(),
    VitePWA({
      registerType: 'autoUpdate',
      injectRegister: 'script-defer',
      includeAssets: ['icon.svg', 'apple-touch-icon.png'],
      manifest: {
        name: 'Presence',
        short_name: 'Presence',
        description: 'Ten unhurried minutes on video with somebody who listens.',
        start_url: '/',
        display: 'standalone',
        background_color: '#faf8f5',
        theme_color: '#faf8f5',
        icons: [
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
          { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
        ],
      },
      workbox: {
        globPatterns: ['**/*.{js,css,html,svg,woff2}'],
        // A page is always asked of the server first, so that a new release shows at once; offline the kept
        // shell answers.
        navigateFallback: null,
        runtimeCaching: [
          {
            urlPattern: ({ request, url }) =>
              request.mode === 'navigate' && !/^\/(api|functions|openapi|sandbox)\b/.test(url.pathname),
            handler: 'NetworkOnly',
            options: { precacheFallback: { fallbackURL: 'index.html' } },
          },
        ],
      },
    }),
  ],
  // Browsers that know light-dark() keep it, so that one part of a page can be dark by itself.
  build: {
    target: Object.entries(oldestBrowsers).map(([name, version]) => name.toLowerCase() + version),
    sourcemap: false,
  },
  server: { proxy: { '/api': server, '/functions': server } },
})

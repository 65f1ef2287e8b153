import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { App } from './App.tsx'
import './ui/app.css'
import { queryClient } from './api/queries.ts'
import { reloadForNewRelease } from './ui/new-release.ts'
import { surviveTranslation } from './ui/page-translation.ts'

reloadForNewRelease()
surviveTranslation()

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
// A browser that is too old has been told so in index.html, and would not get far.
if (!document.documentElement.classList.contains('is-too-old'))
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <BrowserRouter>
          <App />
        </BrowserRouter>
      </QueryClientProvider>
    </StrictMode>,
  )

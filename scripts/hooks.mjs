// npm run hooks: installs the hook that checks staged files before each commit, and says what came of it.
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installHook } from '../dev/git-hook.mjs'

const sentences = {
  installed: 'Staged files are checked before each commit from now on.',
  present: 'Staged files are checked before each commit.',
  declined:
    'The hook is declined here (PRESENCE_HOOKS, CI or git config presence.hooks), so nothing was installed.',
  foreign:
    'Another pre-commit hook or core.hooksPath is in use here, and it stays as it is. To have both, let it run: node_modules/.bin/node checks/staged.ts',
  none: 'This folder is not a Git checkout of its own, so there is nothing to install.',
}

console.log(sentences[installHook(dirname(dirname(fileURLToPath(import.meta.url))))])

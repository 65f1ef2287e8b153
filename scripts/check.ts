// npm run check: everything that can be known in seconds and without a database.
import { runChecks } from '../checks/run.ts'

const { failed } = await runChecks()
process.exitCode = failed === 0 ? 0 : 1

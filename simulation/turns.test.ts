import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { randomOf } from './random.ts'
import { openTurns } from './turns.ts'

/** Two people whose later steps wait for given hours. */
async function played(seed: string): Promise<string[]> {
  let time = new Date('2027-03-01T00:00:00Z')
  const log: string[] = []
  let walking = 0
  const turns = openTurns({
    random: randomOf(seed),
    now: async () => time,
    passTo: async (moment) => {
      expect(walking, 'time passes in the middle of an act').toBe(0)
      time = moment
      log.push(moment.toISOString().slice(11, 16))
    },
    onTurn: async () => undefined,
  })
  const step = async (label: string, hour?: number) => {
    await turns.take({ label, ...(hour ? { at: new Date(Date.UTC(2027, 2, 1, hour)) } : {}) })
    walking += 1
    if (hour) expect(time.getUTCHours()).toBeGreaterThanOrEqual(hour)
    await sleep(1)
    log.push(label)
    walking -= 1
  }
  await turns.play(
    ['ada', 'eva'].map((name) => async () => {
      await step(`${name} 1`)
      await turns.together(
        [1, 2].map((part) => async () => {
          await step(`${name} 2.${part}`, part * 3)
          await step(`${name} 3.${part}`)
        }),
      )
      await step(`${name} 4`)
    }),
  )
  return log
}

test('all turns are played, none before its time, and time passes only while everybody waits', async () => {
  const log = await played('a')
  expect(log.filter((line) => line.includes(':'))).toEqual(['03:00', '06:00'])
  for (const name of ['ada', 'eva'])
    expect(log.filter((line) => line.startsWith(name)).map((line) => line.split(' ')[1])).toEqual([
      '1',
      '2.1',
      '3.1',
      '2.2',
      '3.2',
      '4',
    ])
})

test('a failing person does not block the others', async () => {
  const turns = openTurns({
    random: randomOf('b'),
    now: async () => new Date(0),
    passTo: async () => undefined,
    onTurn: async () => undefined,
  })
  const done: string[] = []
  const failing = turns.play([
    async () => {
      await turns.take({ label: 'one' })
      throw new Error('broke off')
    },
    async () => {
      for (const label of ['two', 'three', 'four']) {
        await turns.take({ label })
        done.push(label)
      }
    },
  ])
  await expect(failing).rejects.toThrow('broke off')
  expect(done).toEqual(['two', 'three', 'four'])
})

// /v2/schedules and /v2/me.
import type { Operation, ProviderRequest, SandboxContext } from '../core/provider.ts'
import {
  accountOf,
  callerOf,
  keepAccount,
  keepSchedule,
  keyOwner,
  nextId,
  schedule,
  schedules,
  weekdays,
} from './account.ts'
import type { Hours, Schedule } from './account.ts'
import { isRecord, jsonBody, Refusal, success, text, timeZone } from './answers.ts'
import { operation } from './operation.ts'

const isDefault = (ctx: SandboxContext, one: Schedule) =>
  accountOf(ctx, one.ownerId)?.defaultScheduleId === one.id
const answer = (ctx: SandboxContext, one: Schedule) => ({ ...one, isDefault: isDefault(ctx, one) })

function oldAnswer(ctx: SandboxContext, one: Schedule) {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
  return {
    id: one.id,
    name: one.name,
    timeZone: one.timeZone,
    isManaged: false,
    readOnly: false,
    isDefault: isDefault(ctx, one),
    workingHours: one.availability.map(({ days, startTime, endTime }) => ({
      days: days.map((day) => weekdays.findIndex((each) => each === day)),
      startTime: minutes(startTime),
      endTime: minutes(endTime),
    })),
  }
}

function time(value: unknown, name: string): string {
  const given = text(value, name)
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(given))
    throw new Refusal(400, `${name} must be a valid time in format HH:MM e.g. 08:00`)
  return given
}

function hours(value: unknown): Hours[] {
  if (!Array.isArray(value)) throw new Refusal(400, 'availability must be an array')
  return value.filter(isRecord).map(({ days, startTime, endTime }) => {
    const isWeek = Array.isArray(days) && days.every((day) => weekdays.some((each) => each === day))
    if (!isWeek) throw new Refusal(400, `each value in days must be one of: ${weekdays.join(', ')}`)
    return {
      days: days.map(String),
      startTime: time(startTime, 'startTime'),
      endTime: time(endTime, 'endTime'),
    }
  })
}

function overrides(value: unknown): Schedule['overrides'] {
  if (!Array.isArray(value)) throw new Refusal(400, 'overrides must be an array')
  return value.filter(isRecord).map((each) => {
    const date = text(each['date'], 'date')
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new Refusal(400, 'date must be in format YYYY-MM-DD')
    return {
      date,
      startTime: time(each['startTime'], 'startTime'),
      endTime: time(each['endTime'], 'endTime'),
    }
  })
}

/** The schedule with what the body sets. */
function changed(before: Schedule, body: Record<string, unknown>): Schedule {
  return {
    ...before,
    ...(body['name'] === undefined ? {} : { name: text(body['name'], 'name') }),
    ...(body['timeZone'] === undefined ? {} : { timeZone: timeZone(body['timeZone'], 'timeZone') }),
    ...(body['availability'] === undefined ? {} : { availability: hours(body['availability']) }),
    ...(body['overrides'] === undefined ? {} : { overrides: overrides(body['overrides']) }),
  }
}

function keep(ctx: SandboxContext, one: Schedule, makeDefault: boolean) {
  keepSchedule(ctx, one)
  const owner = accountOf(ctx, one.ownerId)
  if (makeDefault && owner) keepAccount(ctx, { ...owner, defaultScheduleId: one.id })
}

function known(request: ProviderRequest, ctx: SandboxContext): Schedule {
  const one = schedule(ctx, Number(request.params['scheduleId']))
  if (!one) throw new Refusal(404, `Schedule with ID=${request.params['scheduleId']} does not exist.`)
  return one
}

function own(ctx: SandboxContext): Schedule {
  const id = keyOwner(ctx).defaultScheduleId
  const one = id === null ? undefined : schedule(ctx, id)
  if (!one) throw new Refusal(404, 'User has no default schedule')
  return one
}

const ofOwner = (ctx: SandboxContext) => schedules(ctx).filter((one) => one.ownerId === keyOwner(ctx).id)

export const scheduleOperations: Operation[] = [
  operation({
    name: 'schedules.create',
    method: 'POST',
    path: '/v2/schedules',
    handle: (request, ctx) => {
      const body = jsonBody(request)
      if (typeof body['isDefault'] !== 'boolean') throw new Refusal(400, 'isDefault must be a boolean value')
      text(body['name'], 'name')
      const blank: Schedule = {
        id: nextId(ctx, 'schedule'),
        ownerId: keyOwner(ctx).id,
        name: '',
        timeZone: timeZone(body['timeZone'], 'timeZone'),
        overrides: [],
        availability: [{ days: weekdays.slice(1, 6), startTime: '09:00', endTime: '17:00' }],
      }
      const one = changed(blank, body)
      keep(ctx, one, body['isDefault'])
      return success(answer(ctx, one), 201)
    },
  }),
  operation({
    name: 'schedules.list',
    method: 'GET',
    path: '/v2/schedules',
    handle: (_request, ctx) => success(ofOwner(ctx).map((one) => answer(ctx, one))),
    older: (_request, ctx) => success(ofOwner(ctx).map((one) => oldAnswer(ctx, one))),
  }),
  operation({
    name: 'schedules.default',
    method: 'GET',
    path: '/v2/schedules/default',
    handle: (_request, ctx) => success(answer(ctx, own(ctx))),
    older: (_request, ctx) => success(oldAnswer(ctx, own(ctx))),
  }),
  operation({
    name: 'schedules.get',
    method: 'GET',
    path: '/v2/schedules/:scheduleId',
    handle: (request, ctx) => success(answer(ctx, known(request, ctx))),
    older: (request, ctx) => success(oldAnswer(ctx, known(request, ctx))),
  }),
  operation({
    name: 'schedules.update',
    method: 'PATCH',
    path: '/v2/schedules/:scheduleId',
    handle: (request, ctx) => {
      const body = jsonBody(request)
      const one = changed(known(request, ctx), body)
      keep(ctx, one, body['isDefault'] === true)
      return success(answer(ctx, one))
    },
  }),
  operation({
    name: 'schedules.delete',
    method: 'DELETE',
    path: '/v2/schedules/:scheduleId',
    handle: (request, ctx) => {
      const one = known(request, ctx)
      ctx.store.delete('calcom.schedule', String(one.id))
      const owner = accountOf(ctx, one.ownerId)
      if (owner?.defaultScheduleId === one.id) keepAccount(ctx, { ...owner, defaultScheduleId: null })
      return { status: 200, body: { status: 'success' } }
    },
  }),
  operation({
    name: 'me',
    method: 'GET',
    path: '/v2/me',
    controller: null,
    handle: (request, ctx) => {
      const {
        id,
        username,
        email,
        name,
        timeZone: zone,
        defaultScheduleId,
      } = callerOf(ctx, request.headers['authorization']) ?? keyOwner(ctx)
      return success({
        id,
        username,
        email,
        name,
        avatarUrl: null,
        bio: null,
        timeFormat: 12,
        defaultScheduleId,
        weekStart: 'Sunday',
        timeZone: zone,
        organizationId: null,
      })
    },
  }),
]

// `enrol-token` and `user link`: what agents and people need to come in.
import { commandLine } from '#shared/device-look.ts'
import { makeEnrolToken } from '../session/enrol-token.ts'
import { makeLoginLink } from '../session/session.ts'
import { CommandError, optionOf, type Command } from './command.ts'

export const enrolTokenCommand: Command = async (context, args, { out }) => {
  const days = Number(optionOf(args, '--days') ?? 30)
  if (!Number.isInteger(days) || days < 1 || days > 365) {
    throw new CommandError('usage', '--days takes a number of days from 1 to 365.')
  }
  const maxUses = args.includes('--once') ? 1 : null
  const made = await makeEnrolToken(context, { by: commandLine, validMs: days * 86_400_000, maxUses })
  out(made.token)
}

export const userCommand: Command = async (context, [what], { out }) => {
  if (what !== 'link') throw new CommandError('usage', 'There is one thing to do with users: user link.')
  out(await makeLoginLink(context))
}

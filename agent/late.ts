// Modules of Node that take a command 10 ms to load and that most commands never come to use: loaded when they are asked for.
import process from 'node:process'

export const late = {
  zlib: () => process.getBuiltinModule('node:zlib'),
} as const

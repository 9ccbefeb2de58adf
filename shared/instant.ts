// An instant as it travels: milliseconds since 1970, no further than a calendar goes. Beyond it `Date` makes no text and throws.
import { z } from 'zod'

export const Instant = z.int().min(-8_640_000_000_000_000).max(8_640_000_000_000_000)

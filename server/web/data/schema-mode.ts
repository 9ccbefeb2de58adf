// Must be imported before any schema is made: zod would try `new Function` to be faster, which the content security policy
// forbids, and each attempt would be reported as a violation.
import { config } from 'zod'

config({ jitless: true })

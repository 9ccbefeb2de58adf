// Compiles the chunks of a bundle to V8's own form. Started on the target's Node, since V8 takes no other build's, with a
// fixed random seed, since the order within depends on one. Functions that a start needs are then neither parsed nor compiled
// on the laptop. Says by its exit status whether V8 takes what it wrote. Plain JavaScript: without a compiler at run time, Node
// has no WebAssembly, and so takes no types out of a file.
//
//   node --jitless --random-seed=1 compile-chunks.mjs FOLDER CHUNK…   writes FOLDER/CHUNK.compiled
//   node --jitless compile-chunks.mjs --check FOLDER CHUNK…           fails when V8 refuses one of them
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Script } from 'node:vm'

/** @param {string} path @param {string} chunk */
function compile(path, chunk) {
  const source = readFileSync(path, 'latin1')
  // All functions, not only those that run at once. Back before the result is made: it is marked with the flags.
  setFlagsFromString('--no-lazy')
  const script = new Script(source, { filename: chunk })
  setFlagsFromString('--lazy')
  writeFileSync(`${path}.compiled`, script.createCachedData())
}

/** @param {string} path @param {string} chunk */
function isTaken(path, chunk) {
  const cachedData = readFileSync(`${path}.compiled`)
  return (
    new Script(readFileSync(path, 'latin1'), { filename: chunk, cachedData }).cachedDataRejected === false
  )
}

const [first = '', ...rest] = process.argv.slice(2)
const checks = first === '--check'
const [folder = '', ...chunks] = checks ? rest : [first, ...rest]
for (const chunk of chunks) {
  const path = join(folder, chunk)
  if (!checks) compile(path, chunk)
  else if (!isTaken(path, chunk)) throw new Error(`V8 refuses the compiled form of ${chunk}`)
}

// What an executable runs first: loads the agent's chunks out of the executable itself, each with the code that V8 has
// compiled of it beforehand where there is such. Nothing is read from the disk, so that no folder, NODE_PATH or file beside
// the executable decides what runs.
'use strict'
const { getAssetKeys, getRawAsset } = require('node:sea')
const { Script } = require('node:vm')

/** @typedef {(exports: object, require: (name: string) => unknown, module: { exports: object }, filename: string, dirname: string) => void} Chunk */

const names = new Set(getAssetKeys())
/** @type {Map<string, { exports: object }>} */
const loaded = new Map()
const folder = require('node:path').dirname(process.execPath)

/** @param {string} name of a chunk @returns {object} its exports, also while it is still loading, as CommonJS has it */
function load(name) {
  const known = loaded.get(name)
  if (known !== undefined) return known.exports
  const compiled = `${name}.compiled`
  // A build for another processor than the builder's has no compiled code; V8 refuses any that is not its own.
  const cachedData = names.has(compiled) ? Buffer.from(getRawAsset(compiled)) : undefined
  const script = new Script(Buffer.from(getRawAsset(name)).toString('latin1'), { filename: name, cachedData })
  const module = { exports: {} }
  loaded.set(name, module)
  const chunk = /** @type {Chunk} */ (script.runInThisContext())
  chunk(module.exports, demand, module, process.execPath, folder)
  return module.exports
}

/** @param {string} name of a chunk as `./name`, or of a module of Node: an executable's require knows no other @returns {unknown} */
function demand(name) {
  return name.startsWith('./') ? load(name.slice(2)) : require(name)
}

load('agent.cjs')

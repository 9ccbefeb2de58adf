// Preloaded into what `npm start` starts: when the starter goes, however it goes, its children stop as if asked to.
// The channel between them closes even when the starter is killed; on Windows it is the only way to ask at all.
process.channel?.unref()
process.once('disconnect', () => {
  if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(143)
})

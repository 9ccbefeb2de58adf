// Text to be found anywhere in a column, its own wildcards taken literally. Goes with `escape '\'`.

export function likeText(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
}

// Apple's property lists in XML, from plain values.
import { element, xmlDocument, xmlText, type Element } from './xml.ts'

export type PropertyValue = string | number | boolean | readonly PropertyValue[] | PropertyDictionary
export interface PropertyDictionary {
  readonly [key: string]: PropertyValue
}

const doctype =
  '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n'

export function propertyList(value: PropertyDictionary): string {
  return xmlDocument(element('plist', { version: '1.0' }, valueElement(value)), doctype)
}

/** The dictionary alone, for device management that puts it into a list of its own. */
export function propertyText(value: PropertyDictionary): string {
  return xmlText(valueElement(value))
}

function valueElement(value: PropertyValue): Element {
  if (typeof value === 'string') return element('string', {}, value)
  if (typeof value === 'number')
    return element(Number.isInteger(value) ? 'integer' : 'real', {}, String(value))
  if (typeof value === 'boolean') return element(String(value))
  if (isList(value)) return element('array', {}, ...value.map(valueElement))
  const pairs = Object.entries(value).flatMap(([key, inner]) => [
    element('key', {}, key),
    valueElement(inner),
  ])
  return element('dict', {}, ...pairs)
}

function isList(value: PropertyValue): value is readonly PropertyValue[] {
  return Array.isArray(value)
}

/** JSON Schemas, as zod makes them of the schemas of answers, as TypeScript and as lists of what the fields mean. */

/**
 * @param schema of a value
 * @param indent of the line on which the type begins
 * @returns {string} its TypeScript
 */
function typeOf(schema, indent = '') {
  if (schema.$ref) return nameOf(schema.$ref)
  if ('const' in schema) return literal(schema.const)
  if (schema.enum) return union(schema.enum.map(literal))
  const parts = schema.anyOf ?? schema.oneOf
  if (parts) return union(parts.map((part) => typeOf(part, indent)))
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOf({ ...schema, type }, indent)))
  if (schema.allOf) return schema.allOf.map((part) => typeOf(part, indent)).join(' & ')
  switch (schema.type) {
    case 'array':
      if (schema.prefixItems) return `[${schema.prefixItems.map((part) => typeOf(part, indent)).join(', ')}]`
      return `${inBrackets(typeOf(schema.items, indent))}[]`
    case 'object':
      return objectType(schema, indent)
    case 'integer':
      return 'number'
    case 'boolean':
    case 'null':
    case 'number':
    case 'string':
      return schema.type
    case undefined:
      return 'Json'
    default:
      throw new Error(`no TypeScript for a schema of type ${schema.type}`)
  }
}

/** @returns {string} a declaration, without its ending line break */
export const declaration = (name, schema) => `type ${name} = ${typeOf(schema)}`

/**
 * A list of what each field means, the fields of inner objects below theirs. The version is left out: it is said once for all answers.
 * @param types named ones, whose description stands for that of a field without one
 * @returns {readonly string[]} lines
 */
export function fieldList(schema, types, indent = '') {
  return Object.entries(fieldsOf(schema))
    .filter(([name, { const: value }]) => name !== 'version' || value === undefined)
    .flatMap(([name, field]) => [
      ...wrapped(`${indent}- \`${name}\`: ${meaningOf(name, field, types)}`, `${indent}  `),
      ...fieldList(field, types, `${indent}  `),
    ])
}

/** Of an object, of the objects of a list, of an object that may be null or that stands for several. */
function fieldsOf(schema) {
  const inner = [schema.items, ...(schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [])].filter((part) => part !== undefined)
  return { ...schema.properties, ...Object.assign({}, ...inner.map(fieldsOf)) }
}

/** What is said of the field, else of its type. */
function meaningOf(name, field, types) {
  const said = field.description ?? types.get(nameOf(field.$ref ?? ''))?.description
  if (said === undefined) throw new Error(`the field "${name}" says nothing of its meaning: give its schema a .describe(…)`)
  return field.description ?? said[0].toLowerCase() + said.slice(1).replace(/\.$/, '')
}

function objectType({ properties = {}, required = [], additionalProperties, propertyNames }, indent) {
  const inner = `${indent}  `
  const fields = Object.entries(properties).map(
    ([name, field]) => `${name}${required.includes(name) ? '' : '?'}: ${typeOf(field, inner)}`,
  )
  const others = additionalProperties ? [`[${keyOf(propertyNames)}]: ${typeOf(additionalProperties, inner)}`] : []
  if (fields.length === 0 && others.length === 1) return `{ ${others[0]} }`
  return `{\n${[...fields, ...others].map((line) => `${inner}${line}\n`).join('')}${indent}}`
}

/** `name: string`, or `` name: `perClass.${string}` `` where names begin alike. */
function keyOf(names) {
  const prefix = /^\^(?<prefix>[\w.\\]+)/.exec(names?.pattern ?? '')?.groups?.prefix
  return prefix === undefined ? 'name: string' : `name: \`${prefix.replaceAll('\\', '')}\${string}\``
}

/** `#/$defs/Runtime` → `Runtime`. What has no name of its own is plain JSON, the one type that holds itself. */
function nameOf(reference) {
  const name = reference.slice(reference.lastIndexOf('/') + 1)
  return name.startsWith('__') ? 'Json' : name
}

const literal = (value) => (typeof value === 'string' ? `'${value}'` : String(value))
const union = (parts) => [...new Set(parts)].join(' | ')
const inBrackets = (type) => (/^[^{]* \| /.test(type) || / \| [^}]*$/.test(type) ? `(${type})` : type)

const mostColumns = 130

/** @param indent of all lines but the first. @returns {readonly string[]} lines of a text */
export function wrapped(text, indent = '') {
  const lines = ['']
  for (const word of text.split(/(?<=\S) /)) {
    const line = lines.at(-1)
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length <= mostColumns) lines[lines.length - 1] = longer
    else lines.push(`${indent}${word}`)
  }
  return lines
}

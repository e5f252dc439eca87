import semver from 'semver'
import { z } from 'zod'
import { reservedName } from './paths.js'

/** `me/photos`: whose it is, and what it is called. Lower case: file systems do not agree on more. */
const namePattern = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?\/[a-z0-9](?:[a-z0-9._-]{0,94}[a-z0-9])?$/
export const isEntryName = (name: string): boolean =>
  namePattern.test(name) && !name.includes('..') && !name.split('/').some((part) => reservedName.test(part))
export const entryName = z.string().refine(isEntryName, 'OWNER/NAME of lower-case letters, digits and "-._"')

/** A release is a version as semver writes it, without build metadata. */
export const isRelease = (release: string): boolean => semver.valid(release) === release
export const entryRelease = z.string().max(60).refine(isRelease, 'a version such as 1.0.0')

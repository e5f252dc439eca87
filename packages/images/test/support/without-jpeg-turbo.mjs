/** node --import this: the package that decodes JPEG files is not installed. */
import Module from 'node:module'

const load = Module._load
Module._load = (request, ...rest) => {
  if (request === '@julusian/jpeg-turbo') throw new Error('not installed')
  return load(request, ...rest)
}

/** The README of a new device. */
export function deviceReadme(name: string): string {
  return `# mnas-device-${name}

The device \`${name}\` for mnas: a place where models are timed.

\`\`\`sh
npm install
npm test
mnas plugins link .
mnas device benchmark model.tflite --device ${name}
\`\`\`

As it was created it is this computer under another name, and everything measured on it says \`emulated\`. It needs \`python3\` and LiteRT's library
(\`mnas device setup host\`). To make it yours, change [src/index.ts](src/index.ts) from its top to its end:

1. \`shell\`: how a command and a file come to your device.
2. \`system\`: what your device is, where files may lie, how hot it is. Set \`emulated\` to false.
3. \`tool\`: what runs models there, and the library for its processor.
4. \`driver\`: which devices there are, and what a user can say to them with \`--option\`.

\`npm test\` holds it against the contract of devices.
`
}

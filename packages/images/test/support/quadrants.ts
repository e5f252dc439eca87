import sharp from 'sharp'

/** 160×96: left half red, right half split into green above blue, so that no two orientations look alike. */
export async function quadrants(): Promise<Buffer> {
  const colours = [
    { input: await block(80, 96, '#ff0000'), left: 0, top: 0 },
    { input: await block(80, 48, '#00ff00'), left: 80, top: 0 },
    { input: await block(80, 48, '#0000ff'), left: 80, top: 48 },
  ]
  return sharp({ create: { width: 160, height: 96, channels: 3, background: '#000' } })
    .composite(colours)
    .png()
    .toBuffer()
}
export const block = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer()

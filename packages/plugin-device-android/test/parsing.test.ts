import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePhones } from '#internal/adb/parse-phones.js'
import { encodePacket, PacketReader } from '#internal/emulator/adb/packet.js'
import { Faults, faultNames } from '#internal/emulator/faults.js'
import { streamed } from '#internal/emulator/tool/tool-text.js'
import { parseCondition } from '#internal/phone/phone-condition.js'
import { isEmulated, parseFacts } from '#internal/phone/phone-facts.js'

describe('what adb and phones say', () => {
  it('devices -l', () => {
    const output = [
      '* daemon not running; starting now at tcp:5037',
      'List of devices attached',
      'HT7AB1234567           device usb:1-1 product:sailfish model:Pixel device:sailfish transport_id:1',
      '192.168.1.7:5555       offline transport_id:2',
      'XYZ                    no permissions (user in plugdev group; are your udev rules wrong?); see [http://x] usb:1-2 transport_id:3',
      'emulator-5554          unauthorized transport_id:4',
      '',
    ].join('\n')
    expect(parsePhones(output)).toEqual([
      { serial: 'HT7AB1234567', state: 'device', model: 'Pixel', product: 'sailfish' },
      { serial: '192.168.1.7:5555', state: 'offline', model: '', product: '' },
      { serial: 'XYZ', state: 'no permissions', model: '', product: '' },
      { serial: 'emulator-5554', state: 'unauthorized', model: '', product: '' },
    ])
  })

  it('properties and cores', () => {
    const cores = [1, 1, 2].map((mhz, core) => `core /sys/devices/system/cpu/cpu${core}/cpufreq/cpuinfo_max_freq ${mhz}000`)
    const facts = parseFacts(
      ['manufacturer=Google', 'model=Pixel 4', 'build=g/f:1', 'abi=arm64-v8a', 'qemu=', ...cores, ''].join('\r\n'),
    )
    expect(facts).toMatchObject({ manufacturer: 'Google', model: 'Pixel 4', build: 'g/f:1', abi: 'arm64-v8a', soc: '' })
    expect([...facts!.frequencies]).toEqual([
      [0, 1000],
      [1, 1000],
      [2, 2000],
    ])
    expect(parseFacts('model=Pixel 4')).toBeNull()
    expect(
      [
        { hardware: 'flame', qemu: '' },
        { hardware: 'ranchu', qemu: '' },
        { hardware: 'x', qemu: '1' },
      ].map(isEmulated),
    ).toEqual([false, true, true])
  })

  it('battery, heat and frequencies, each of which may be missing', () => {
    const battery = 'Current Battery Service state:\n  USB powered: true\n  level: 77\n  temperature: 318\n'
    const thermal = 'IsStatusOverride: false\nThermal Status: 1\n'
    const all = parseCondition(`${battery}mnas-next\n${thermal}mnas-next\n1800000\n2800000\n`, 'now')
    expect(all).toMatchObject({ thermalStatus: 1, celsius: 31.8, batteryPercent: 77 })
    expect(all.state).toMatchObject({ at: 'now', powered: true, frequencyMhz: { lowest: 1800, highest: 2800 } })
    expect(parseCondition("mnas-next\nCan't find service: thermalservice\nmnas-next\n", 'now')).toEqual({
      ...{ thermalStatus: null, celsius: null, batteryPercent: null },
      state: { at: 'now', thermalStatus: null, batteryCelsius: null, batteryPercent: null, powered: false },
    })
  })
})

describe('the software phone', () => {
  it('reads packets however they are cut', () => {
    const packets = [
      encodePacket('OPEN', 1, 0, Buffer.from('sync:\0')),
      encodePacket('OKAY', 1, 2),
      encodePacket('WRTE', 3, 4, Buffer.alloc(70, 9)),
    ]
    const whole = Buffer.concat(packets)
    fc.assert(
      fc.property(fc.array(fc.nat({ max: whole.length }), { maxLength: 8 }), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), whole.length]
        const reader = new PacketReader()
        const read = places.slice(1).flatMap((to, at) => reader.read(whole.subarray(places[at], to)))
        expect(Buffer.concat(read.map(({ command, first, second, data }) => encodePacket(command, first, second, data)))).toEqual(
          whole,
        )
      }),
      { numRuns: 50 },
    )
    expect(() => new PacketReader().read(Buffer.alloc(24, 1))).toThrow('no packet')
  })

  it('has the faults that it is asked for, and no others', () => {
    const faults = new Faults(['corrupt=2', 'hot'])
    expect(faults.names).toEqual(['corrupt', 'hot'])
    expect([1, 2, 3].map(() => faults.take('corrupt', 1))).toEqual([true, true, false])
    expect([faults.has('hot'), faults.number('hot'), faults.has('hang'), faults.take('hang', 1)]).toEqual([
      true,
      null,
      false,
      false,
    ])
    for (const no of ['heat', 'hot=', 'hot=x']) expect(() => new Faults([no])).toThrow(faultNames.join(', '))
  })

  it('writes numbers as a C++ stream does', () => {
    expect([10, 7156.234, 6610.4, 0.013664, 123456, 1234567, 1e9].map(streamed)).toEqual([
      ...['10', '7156.23', '6610.4', '0.013664', '123456', '1.23457e+06', '1e+09'],
    ])
  })
})

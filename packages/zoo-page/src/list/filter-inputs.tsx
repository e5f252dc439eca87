import { useId } from 'preact/hooks'

interface ChoiceProps {
  readonly label: string
  readonly value: string
  readonly values: readonly string[]
  /** There is no «any». */
  readonly required?: boolean
  choose(value: string): void
}

/** One of several words. */
export function Choice({ label, value, values, required = false, choose }: ChoiceProps) {
  const known = values.includes(value) || value === '' ? values : [value, ...values]
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        {!required && <option value="">any</option>}
        {known.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  )
}

interface AmountProps {
  readonly label: string
  readonly value: number | null
  readonly step: number
  set(value: number | null): void
}

/** A number, or none. */
export function Amount({ label, value, step, set }: AmountProps) {
  const id = useId()
  return (
    <label for={id}>
      {label}
      <input
        id={id}
        type="number"
        min={0}
        step={step}
        inputMode="decimal"
        placeholder="any"
        value={value ?? ''}
        onInput={({ currentTarget: { value: text } }) => set(text === '' ? null : Number(text))}
      />
    </label>
  )
}

/** A clock that is set to a moment of the county's past and goes on from there. */
export function demoClock(day: string, time: string) {
  let from = 0
  let setAt = 0
  const goTo = (day: string, time: string) => {
    from = Date.parse(`${day}T${time}:00+08:00`)
    setAt = performance.now()
  }
  goTo(day, time)
  return { now: () => new Date(from + performance.now() - setAt), goTo }
}

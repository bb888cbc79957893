// Times come as Shanghai wall clock ("2026-11-23T09:00:00+08:00") and are shown as written there.

const WEEKDAYS = "日一二三四五六";

function parts(iso) {
  const [year, month, day, hour, minute] = iso.match(/\d+/g).map(Number);
  return { year, month, day, clock: [hour, minute].map((one) => String(one).padStart(2, "0")).join(":") };
}

export function clockOf(iso) {
  return parts(iso).clock;
}

export function whole(iso) {
  const { year, month, day } = parts(iso);
  const weekday = WEEKDAYS[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
  return `${year}年${month}月${day}日 周${weekday} ${clockOf(iso)}`;
}

// As a chat shows it: only the clock for today, the day before that, the year if another.
export function inChat(iso, now) {
  const then = parts(iso);
  const today = parts(now);
  if (then.year !== today.year) return `${then.year}年${then.month}月${then.day}日 ${then.clock}`;
  if (then.month !== today.month || then.day !== today.day) {
    return `${then.month}月${then.day}日 ${then.clock}`;
  }
  return then.clock;
}

export function minutesBetween(earlier, later) {
  return (Date.parse(later) - Date.parse(earlier)) / 60000;
}

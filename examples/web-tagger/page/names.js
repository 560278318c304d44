/** The names beneath the text: each once, with how often it stands there. */

/** For those who listen: said once typing rests. */
const rest = 800;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let shown = '';

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} summary
 * @param {readonly string[]} names in order
 */
export function showNames(list, summary, names) {
  const key = JSON.stringify(names);
  if (key === shown) return;
  shown = key;
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const name of names) {
    const plain = name.replace(/\s+/g, ' ');
    counts.set(plain, (counts.get(plain) ?? 0) + 1);
  }
  list.replaceChildren(...[...counts].map(([name, count]) => itemOf(name, count)));
  clearTimeout(timer);
  timer = setTimeout(() => {
    const each = [...counts.keys()];
    const what =
      each.length === 0 ? 'No names' : each.length === 1 ? 'One name' : `${each.length} names`;
    summary.textContent = each.length === 0 ? `${what}.` : `${what}: ${each.join(', ')}.`;
  }, rest);
}

/**
 * @param {string} name
 * @param {number} count
 */
function itemOf(name, count) {
  const item = document.createElement('li');
  const text = document.createElement('bdi');
  text.textContent = name;
  item.append(text);
  if (count > 1) {
    const times = document.createElement('span');
    times.className = 'times';
    times.textContent = `× ${count}`;
    item.append(times);
  }
  return item;
}

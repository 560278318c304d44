/**
 * The page: what is typed goes to the model sentence by sentence, and marks come back under it. The
 * field itself is never touched while somebody types in it, so that caret, selection and undo stay.
 */
import { Answers } from './answers.js';
import { examples } from './examples.js';
import { Mirror } from './mirror.js';
import { keepOffline } from './offline.js';
import { askedOf, movedMarks, piecesOf } from './pieces.js';
import { showNames } from './names.js';
import { settings } from './settings.js';
import { openOn } from './threads.js';

/** @typedef {import('./pieces.js').Mark} Mark */
/** @typedef {import('./mirror.js').Painted} Painted */

const field = /** @type {HTMLTextAreaElement} */ (byId('text'));
const mirror = new Mirror(byId('mirror'));
const backendNames = { webgpu: 'WebGPU', wasm: 'WebAssembly', javascript: 'JavaScript' };

/** @type {Answers | undefined} */
let answers;
/** Whether the model is not to be had. */
let isOver = false;
/** What is painted: the text, and all marks in it. */
let painted = { text: '', marks: /** @type {Mark[]} */ ([]) };

const { backend, thread } = settings();
field.value = sessionStorage.getItem('text') ?? examples[0] ?? '';
field.addEventListener('input', typed);
byId('clear').addEventListener('click', () => write(''));
byId('example').addEventListener('click', () => {
  const at = examples.indexOf(field.value);
  write(examples[(at + 1) % examples.length] ?? '');
});
typed();
void start();
keepOffline(byId('offline'), byId('update'), byId('take-over'));
void showScores();

async function start() {
  try {
    const opened = await openOn(thread, backend);
    showBackend(opened.backend);
    answers = new Answers(opened, answered, failed);
    render();
  } catch (error) {
    isOver = true;
    failed(error);
  }
}

/** @param {string} text */
function write(text) {
  field.value = text;
  typed();
  field.focus();
}

function typed() {
  sessionStorage.setItem('text', field.value);
  render();
}

/** Marks what is known; what is not yet keeps the marks that it had, and is asked about. */
function render() {
  const text = field.value;
  const before = movedMarks(painted.marks, painted.text, text);
  /** @type {string[]} */
  const asked = [];
  /** @type {Mark[]} */
  const marks = [];
  /** @type {Painted[]} */
  const pieces = [];
  let at = 0;
  let isWhole = true;
  for (const piece of piecesOf(text)) {
    const question = askedOf(piece);
    if (question !== '') asked.push(question);
    const known = question === '' ? [] : answers?.of(question);
    isWhole &&= known !== undefined;
    const own =
      known === undefined
        ? within(before, at, at + piece.length)
        : moved(known, piece.indexOf(question));
    pieces.push({ text: piece, marks: own });
    marks.push(...moved(own, at));
    at += piece.length;
  }
  mirror.paint(pieces);
  painted = { text, marks };
  document.body.setAttribute('aria-busy', String(!isWhole && !isOver));
  answers?.want(asked);
  showNames(
    byId('names'),
    byId('summary'),
    marks.map(({ start, end }) => text.slice(start, end)),
  );
}

/**
 * @param {readonly Mark[]} marks
 * @param {number} by
 * @returns {Mark[]}
 */
function moved(marks, by) {
  return marks.map(({ start, end }) => ({ start: start + by, end: end + by }));
}

/**
 * Seen from `from`.
 * @param {readonly Mark[]} marks
 * @param {number} from
 * @param {number} to
 * @returns {Mark[]}
 */
function within(marks, from, to) {
  return marks.flatMap(({ start, end }) => {
    const cut = { start: Math.max(start, from) - from, end: Math.min(end, to) - from };
    return cut.end > cut.start ? [cut] : [];
  });
}

/**
 * @param {import('./model.js').Answer} answer
 * @param {number} count
 */
function answered(answer, count) {
  showBackend(answer.backend);
  byId('trouble').hidden = true;
  byId('speed').textContent = `${(answer.milliseconds / count).toFixed(1)} ms`;
  render();
}

/** @param {keyof typeof backendNames} name */
function showBackend(name) {
  byId('backend').textContent =
    `${backendNames[name]}, ${thread === 'main' ? 'on the main thread' : 'in a worker'}`;
  document.body.dataset.backend = name;
}

/** @param {unknown} error */
function failed(error) {
  const reason = error instanceof Error ? error.message : String(error);
  const trouble = byId('trouble');
  trouble.textContent = `Names cannot be marked: ${reason}.`;
  trouble.hidden = false;
  byId('backend').textContent = 'nothing';
  document.body.setAttribute('aria-busy', 'false');
}

/** How good it is, as measured when it was built; no matter where nobody has. */
async function showScores() {
  try {
    const response = await fetch(new URL('./scores.json', import.meta.url));
    if (!response.ok) return;
    /** @type {unknown} */
    const scores = await response.json();
    const { f1, parameters } = /** @type {{ f1: unknown, parameters: unknown }} */ (scores);
    byId('scores').textContent =
      `On sentences that it never saw it finds them with an F1 of ${Number(f1).toFixed(2)}, ` +
      `and it has ${Number(parameters).toLocaleString('en')} weights.`;
  } catch {
    // It says less about itself, and works.
  }
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no ${id}`);
  return element;
}

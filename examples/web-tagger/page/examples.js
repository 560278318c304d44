/** Texts to begin with. None is of the corpus that the model has learned from. */
export const examples = [
  'Harry Potter and Hermione Granger invented a new spell. Professor McGonagall was not amused, and ' +
    'wrote to Albus Dumbledore about it.',
  'When Ada Lovelace met Charles Babbage in London, neither Oxford nor Cambridge taught computing. ' +
    'Grace Hopper wrote her compiler a hundred years later, and Alan Turing’s paper lay between them.',
  'On Monday Mrs. Dalloway said she would buy the flowers herself. In June, in London, Peter Walsh ' +
    'came back from India and thought of Clarissa.',
];

const verdictMarks = {allowed: '✓', denied: '✗', partial: '◐', unknown: '?'};

// What may come next in a question, by the words before it.
function completions(text, names) {
  const words = text.split(/\s+/);
  const last = words.pop();
  const before = words.map(word => word.toLowerCase());
  const phrases = ['internet', 'anyone', 'any pod', 'namespace', 'any namespace', 'pods', 'service', 'any node', 'any address in', 'api server'];
  const ends = [...names.workloads, ...phrases, ...names.services.map(each => 'service ' + each)];
  let next;
  const previous = before[before.length - 1];
  if (before.length === 0) {
    next = ['can', 'who can reach', 'what can'];
  } else if (before.includes('on')) {
    next = names.ports;
  } else if (previous === 'who') {
    next = ['can reach'];
  } else if (previous === 'namespace') {
    next = names.namespaces;
  } else if (previous === 'in') {
    next = [...names.namespaces, 'namespace'];
  } else if (previous === 'service') {
    next = names.services;
  } else if (previous === 'node') {
    next = names.nodes;
  } else if (previous === 'pods' || previous === 'pod') {
    next = [...names.labels, 'in namespace'];
  } else if (['can', 'reach', 'and', 'what'].includes(previous)) {
    next = previous === 'what' ? ['can'] : ends;
  } else {
    next = before.includes('reach') ? ['on', 'and'] : ['reach', 'and'];
    if (previous.includes('=')) {
      next.push('in namespace');
    }
  }
  const wanted = last.toLowerCase();
  const starts = next.filter(each => each.toLowerCase().startsWith(wanted));
  const holds = wanted ? next.filter(each => !each.toLowerCase().startsWith(wanted) && each.toLowerCase().includes(wanted)) : [];
  return [...starts, ...holds].slice(0, 30).map(each => [...words, each].join(' ') + ' ');
}

// A text field with suggestions below it, as the pattern of a combobox has it.
function questionField(names, submit) {
  const options = make('ul', {class: 'options', id: 'options', role: 'listbox', hidden: true});
  const input = make('input', {type: 'text', role: 'combobox', 'aria-expanded': 'false', 'aria-controls': 'options', 'aria-autocomplete': 'list',
    autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', 'aria-label': 'Question', placeholder: 'can shop/frontend reach shop/db on 5432'});
  let chosen = -1;
  const close = () => {
    options.hidden = true;
    chosen = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const take = text => {
    input.value = text;
    input.focus();
    open();
  };
  const open = () => {
    const found = completions(input.value, names).filter(each => each.trim() !== input.value.trim());
    chosen = -1;
    fill(options, found.map((each, number) => make('li', {role: 'option', id: 'option-' + number, 'aria-selected': 'false',
      onmousedown: event => { event.preventDefault(); take(each); }}, each.trim())));
    options.hidden = found.length === 0;
    input.setAttribute('aria-expanded', String(found.length > 0));
    input.removeAttribute('aria-activedescendant');
  };
  const move = by => {
    if (options.hidden) {
      open();
    }
    const all = [...options.children];
    if (all.length === 0) {
      return;
    }
    chosen = (chosen + by + all.length + (chosen < 0 && by < 0 ? 1 : 0)) % all.length;
    all.forEach((each, number) => each.setAttribute('aria-selected', String(number === chosen)));
    all[chosen].scrollIntoView({block: 'nearest'});
    input.setAttribute('aria-activedescendant', all[chosen].id);
  };
  input.addEventListener('input', open);
  input.addEventListener('blur', close);
  input.addEventListener('keydown', event => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Escape') {
      close();
    } else if ((event.key === 'Enter' || event.key === 'Tab') && chosen >= 0) {
      event.preventDefault();
      take(completions(input.value, names).filter(each => each.trim() !== input.value.trim())[chosen]);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      close();
      submit(input.value);
    }
  });
  return {input, holder: make('div', {class: 'wide'}, input, options), close};
}

const askView = {
  name: 'ask',
  title: 'Ask',
  async draw(section) {
    if (firstAnswer.isKnown()) {
      firstAnswer.start();
    }
    const names = (await page.overview()).names;
    const answers = make('div');
    const field = questionField(names, question => question.trim() && route.ask(question.trim()));
    const samples = examples(names);
    fill(section, make('h2', {}, 'Ask'),
      make('form', {onsubmit: event => { event.preventDefault(); field.close(); if (field.input.value.trim()) { route.ask(field.input.value.trim()); } }},
        field.holder, make('button', {type: 'submit'}, 'Ask')),
      make('p', {class: 'noprint'}, samples.map(each => [make('button', {type: 'button', class: 'plain', onclick: () => route.ask(each)}, each), make('br')])),
      answers);
    this.answer = async question => {
      field.input.value = question;
      const turn = this.asked = {};
      const pair = pairOf(question);
      const known = fromMatrix(pair);
      const below = make('div');
      fill(answers, known, below);
      say(known ? known.textContent : 'asking');
      let first = '';
      const showFirst = answer => {
        if (turn === this.asked && first === '' && !answer.problem) {
          first = answer.verdict + ': ' + answer.head;
          const rest = make('div');
          rest.append(below);
          fill(answers, answerOf(question, answer), rest);
          say(first);
        }
      };
      const sentence = await waiting(below, 'Asking', firstAnswer.sentence(question));
      if (turn !== this.asked) {
        return;
      }
      if (sentence.problem) {
        fill(answers, answerOf(question, sentence));
        say(sentence.problem + (sentence.hint ? ', hint: ' + sentence.hint : ''));
        return;
      }
      // All manifests are read after that, so that the first answer need not share the processor.
      let early = Promise.resolve();
      if (pair && pair.source.namespace && pair.destination.namespace && firstAnswer.isKnown()) {
        early = firstAnswer.of(question, [pair.source, pair.destination]).then(showFirst, () => {});
      }
      // What would change an answer takes much longer than the answer, and nobody waits for that of a question that another has followed.
      const answer = await waiting(below, !known ? 'Asking' : firstAnswer.isKnown() ? 'Looking for what would change it' : 'Looking for the reasons', early.then(() => page.ready())
        .then(() => turn === this.asked && first === '' && names.workloads.length > 100 && engine.decided(0, question).then(showFirst))
        .then(() => turn === this.asked && engine.ask(0, question)));
      if (turn !== this.asked) {
        return;
      }
      const said = answer.problem ? answer.problem : answer.verdict + ': ' + answer.head;
      const again = said === first;
      first = said;
      fill(answers, answerOf(question, answer));
      if (!again) {
        say(said);
      }
    };
    if (route.question) {
      await this.answer(route.question);
    } else {
      field.input.focus();
    }
  }
};

// The two endpoints that a question is about, if it is about two.
function pairOf(question) {
  const found = /^can\s+(\S+)\s+reach\s+(\S+)(\s+on\s.*)?$/i.exec(question);
  const {matrix} = page.cached;
  if (!found || !matrix || page.narrowed.from || page.narrowed.to || page.narrowed.port) {
    return null;
  }
  const [source, destination] = [matrix.named(found[1]), matrix.named(found[2])];
  return source && destination ? {source, destination} : null;
}

// What the page's matrix says of them, at once: it is in the page. The answer comes from the engine.
function fromMatrix(pair) {
  const {matrix} = page.cached;
  return pair && matrix.judges(pair.source.number, pair.destination.number)
    ? make('p', {class: 'mono'}, 'passes from ' + pair.source.name + ' to ' + pair.destination.name + ': ' + matrix.reach(matrix.at(pair.source.number, pair.destination.number))[0])
    : null;
}

function examples(names) {
  const [one, other] = [names.workloads[0], names.workloads[names.workloads.length - 1]];
  return one === undefined ? [] : ['who can reach ' + one, 'what can ' + one + ' reach', 'can ' + other + ' reach ' + one, 'can internet reach ' + one];
}

function answerOf(question, answer) {
  if (answer.problem) {
    return make('div', {class: 'answer'}, make('p', {class: 'verdict denied'}, answer.problem),
      make('pre', {}, answer.excerpt), answer.hint ? make('p', {}, 'hint: ' + answer.hint) : null);
  }
  const hidden = answer.lines.length > 60;
  const holder = reasons(hidden ? answer.lines.slice(0, 60) : answer.lines);
  const all = hidden ? make('button', {type: 'button', class: 'noprint', onclick: event => {
    holder.replaceWith(reasons(answer.lines));
    event.target.remove();
  }}, 'Show all ' + answer.lines.length + ' lines') : null;
  return make('article', {class: 'answer'},
    make('p', {class: 'verdict ' + answer.verdict}, (verdictMarks[answer.verdict] || '') + ' ' + answer.verdict),
    make('p', {class: 'mono'}, answer.head),
    holder, all,
    answer.why.length ? make('details', {open: true}, make('summary', {}, 'Why'), reasons(answer.why)) : null,
    noteList(answer.notes),
    data.openCommand && /^can\s/i.test(question) ? make('p', {class: 'soft'}, 'Whether it could ever be so, for pods with any labels in any namespace, only the command line says: ',
      make('code', {}, data.openCommand + ' ' + question.replace(/^can\s+/i, ''))) : null);
}

// What a change opens and closes, as rows.
function differenceOf(difference, older = false) {
  const nothing = difference.opened.length === 0 && difference.closed.length === 0;
  const rows = (kind, title, sign, lines) => {
    const body = make('tbody');
    const after = make('div');
    const examples = lines.some(line => line.example);
    fill(after, addGradually(body, lines, line => make('tr', {},
      make('td', {'data-head': 'From'}, sign + ' ', folded(line.from)), make('td', {'data-head': 'To'}, folded(line.to)), make('td', {'data-head': 'On'}, line.traffic),
      examples ? make('td', {'data-head': 'For example'}, line.example) : null, make('td', {'data-head': 'Since'}, reasons(line.because, older))), 100));
    return lines.length === 0 ? null : [make('h3', {class: kind}, title + ' (' + lines.length + ')'),
      make('table', {class: 'full cards', 'aria-label': title}, make('thead', {}, make('tr', {}, ['From', 'To', 'On', ...(examples ? ['For example'] : []), 'Since'].map(head => make('th', {scope: 'col'}, head)))), body), after];
  };
  return [nothing ? make('p', {}, difference.nothing) : null,
    rows('opened', 'Opened: passes now and did not before', '+', difference.opened),
    rows('closed', 'Closed: passed before and does not now', '−', difference.closed),
    difference.notes.length ? [make('h3', {}, 'Besides'), noteList(difference.notes)] : null];
}

// What is wrong with manifests whose difference stands below.
function leftOut(diagnostics, where, linked) {
  const errors = diagnostics.filter(each => each.severity === 'error').length;
  return [errors ? make('p', {class: 'note bad'}, plural(errors, 'error') + (where ? ' in ' + where : '') + ': what has an error is left out') : null,
    problemList(diagnostics, linked)];
}

function ownErrors() {
  const errors = (page.cached.overview?.diagnostics || []).filter(each => each.severity === 'error').length;
  return errors ? make('p', {class: 'note bad'}, make('a', {href: '#overview'}, plural(errors, 'error') + ' in this page'), ': what has an error is left out') : null;
}

function differenceWords(difference) {
  const [opened, closed] = [difference.opened.length, difference.closed.length];
  return opened + closed === 0 ? difference.nothing : plural(opened, 'row') + ' opened, ' + closed + ' closed';
}

async function readFiles(files) {
  const manifests = [...files].filter(file => /\.(ya?ml|json)$/i.test(file.name) || files.length === 1);
  return Promise.all(manifests.map(async file => ({name: file.webkitRelativePath || file.name, text: await file.text(), found: files.length > 1})));
}

// What was dropped: files, or a text. Browsers let no page from a file look into directories.
async function readDropped(transfer) {
  const text = transfer.getData('text/plain');
  const directory = [...transfer.items].map(item => item.webkitGetAsEntry?.()).find(entry => entry?.isDirectory);
  if (directory) {
    throw new Error(directory.name + ' is a directory; drop the files in it.');
  }
  return transfer.files.length || !text.trim() ? readFiles(transfer.files) : [{name: 'dropped.yaml', text, found: false}];
}

// A place for manifests: chosen, dropped or pasted. Nothing leaves the page.
function openingPlace(title, taken) {
  const problem = make('p', {class: 'note bad', hidden: true, role: 'alert'});
  const take = async reading => {
    let words = '';
    try {
      const sources = await reading;
      sources.length ? await taken(sources) : words = 'There is no file among these whose name ends in .yaml, .yml or .json.';
    } catch (failure) {
      words = 'This cannot be read: ' + failure.message;
    }
    problem.hidden = words === '';
    problem.textContent = shown(words);
  };
  const files = make('input', {type: 'file', multiple: true, accept: '.yaml,.yml,.json', onchange: () => take(readFiles(files.files))});
  const text = make('textarea', {rows: 6, cols: 60, spellcheck: 'false', placeholder: 'or paste manifests here'});
  const over = event => {
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    holder.classList.add('over');
  };
  const holder = make('div', {class: 'drop', ondragenter: over, ondragover: over,
    ondragleave: () => holder.classList.remove('over'),
    ondrop: event => {
      event.preventDefault();
      holder.classList.remove('over');
      take(readDropped(event.dataTransfer));
    }},
    make('p', {}, title + ' Nothing leaves this page.'), make('div', {class: 'bar'}, make('label', {}, 'Files', files), make('label', {}, 'Text', text),
      make('button', {type: 'button', onclick: () => text.value.trim() && take([{name: 'pasted.yaml', text: text.value, found: false}])}, 'Take the text')), problem);
  return holder;
}

const compareView = {
  name: 'compare',
  title: 'Compare',
  async draw(section) {
    // It stays while the reader looks at another view, with what is being compared, too.
    const isKnown = this.of === data.sources;
    const holder = isKnown ? this.holder : make('div');
    this.of = data.sources;
    this.holder = holder;
    const show = difference => fill(holder, make('p', {}, 'From ', make('code', {}, difference.before), ' to ', make('code', {}, difference.after)),
      ownErrors(), leftOut(difference.problems || [], 'the older manifests', false), differenceOf(difference, true));
    // Of manifests that are given one after the other the last are compared, and none with a page that has others by then.
    const compare = async sources => {
      const mine = this.given = {};
      const here = data.sources;
      const isAsked = () => mine === this.given && here === data.sources;
      await waiting(holder, 'Waiting for the engine', page.ready());
      if (isAsked()) {
        await waiting(holder, 'Reading the older manifests', engine.readBeside(1, sources), '');
      }
      if (isAsked()) {
        const [{diagnostics}, difference] = await waiting(holder, 'Comparing', Promise.all([engine.diagnostics(1),
          engine.difference(1, 0, sources.length === 1 ? sources[0].name : plural(sources.length, 'file'), 'this page')]), '');
        if (isAsked()) {
          show({...difference, problems: diagnostics.filter(each => each.severity === 'error')});
          say(differenceWords(difference));
        }
      }
    };
    fill(section, make('h2', {}, 'What a change opens and closes'), holder,
      make('details', {class: 'noprint', open: !data.difference}, make('summary', {}, 'Compare with another version'),
        openingPlace('Choose or drop the older manifests that these are compared with.', async sources => {
          try {
            await compare(sources);
          } catch (problem) {
            fill(holder);
            throw problem;
          }
        })));
    if (!isKnown && data.difference) {
      show(data.difference);
    }
  }
};

// The height of a line in the editor.
const LINE = 20;

const whatIfView = {
  name: 'what-if',
  title: 'What if',
  async draw(section) {
    if (data.sources.length === 0) {
      fill(section, make('h2', {}, 'What if'), make('p', {}, 'There are no manifests to edit.'));
      return;
    }
    const edited = page.edited;
    const ordered = sourcesInOrder();
    const choice = make('select', {}, ordered.map(source => make('option', {}, source.name)));
    const area = make('textarea', {spellcheck: 'false', wrap: 'off', 'aria-label': 'Manifest', autocapitalize: 'off'});
    const numbers = make('div', {class: 'numbers', 'aria-hidden': 'true'});
    const result = make('div');
    const current = () => ordered[choice.selectedIndex];
    // Numbers of the lines in sight: a source may have a hundred thousand.
    let lines = 1;
    const numberLines = () => {
      const first = Math.floor(area.scrollTop / LINE);
      const last = Math.min(lines, first + Math.ceil(area.clientHeight / LINE) + 1);
      numbers.textContent = Array.from({length: Math.max(0, last - first)}, (unused, line) => first + line + 1).join('\n');
      numbers.style.width = String(lines).length + 2 + 'ch';
      numbers.style.marginTop = first * LINE - area.scrollTop + 'px';
    };
    const count = () => {
      lines = area.value.split('\n').length;
      numberLines();
    };
    const take = () => {
      area.value = edited.get(current().name) ?? current().text;
      count();
    };
    let asked = 0;
    let comparing = false;
    let words = '';
    const announce = later(700, () => say(words));
    const show = (diagnostics, difference) => {
      const errors = diagnostics.filter(each => each.severity === 'error').length;
      words = differenceWords(difference) + (errors ? ', ' + plural(errors, 'error') : '');
      fill(result, make('h3', {}, differenceWords(difference)), leftOut(diagnostics, '', true), differenceOf(difference));
      announce();
    };
    // An edit is compared at once; what is typed meanwhile, together after that.
    const compare = async () => {
      asked++;
      if (comparing) {
        return;
      }
      comparing = true;
      try {
        await waiting(result, 'Comparing', page.ready());
        for (let turn = 0; turn !== asked;) {
          turn = asked;
          await engine.edit(2, [...edited.keys()], [...edited.values()]);
          const [{diagnostics}, difference] = await Promise.all([engine.diagnostics(2), engine.difference(0, 2, 'this page', 'your edit')]);
          show(diagnostics, difference);
        }
      } catch (problem) {
        fill(result, make('p', {class: 'note bad', role: 'alert'}, 'This cannot be compared here: ' + problem.message));
      } finally {
        comparing = false;
      }
    };
    area.addEventListener('input', () => {
      area.value === current().text ? edited.delete(current().name) : edited.set(current().name, area.value);
      count();
      compare();
    });
    area.addEventListener('scroll', numberLines);
    new ResizeObserver(numberLines).observe(area);
    choice.addEventListener('change', () => { route.keep({file: choice.value, line: ''}); take(); });
    const patch = () => data.sources.filter(source => edited.has(source.name)).map(source => patchOf(source.name, source.text, edited.get(source.name))).join('');
    fill(section, make('h2', {}, 'What if'),
      make('p', {class: 'soft'}, 'Edit a manifest: what that opens and closes stands beside it at once.'),
      make('div', {class: 'bar'}, make('label', {}, 'Manifest', choice),
        make('button', {type: 'button', onclick: () => { edited.clear(); take(); compare(); }}, 'Undo all edits'),
        make('button', {type: 'button', onclick: async () => { try { await navigator.clipboard.writeText(patch()); say('copied'); } catch { save('edit.patch', patch()); } }}, 'Copy as a patch'),
        make('button', {type: 'button', onclick: () => save('edit.patch', patch())}, 'Download the patch')),
      make('div', {class: 'columns'}, make('div', {class: 'editor'}, numbers, area), result));
    const file = route.given('file');
    const number = ordered.findIndex(source => source.name === file);
    choice.selectedIndex = Math.max(0, number);
    take();
    const line = Number(route.given('line'));
    if (line > 0) {
      const start = area.value.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
      const end = area.value.indexOf('\n', start);
      area.focus();
      area.setSelectionRange(start, end < 0 ? area.value.length : end);
      area.scrollTop = Math.max(0, (line - 5) * LINE);
      numberLines();
    }
    fill(result, file && number < 0 ? make('p', {class: 'note bad', role: 'alert'}, 'There is no manifest named ' + file + ' here.') : null, make('p', {class: 'soft'}, 'No edit yet.'));
    if (edited.size) {
      await compare();
    }
  }
};

// A link to a line of a manifest, in the editor.
function sourceLink(name, line, words) {
  return make('a', {href: route.to('what-if', {file: name, line: String(line || '')}), class: 'mono',
    onclick: event => event.currentTarget.hash === location.hash && draw()}, words);
}

// One hunk from the first line that differs to the last.
function patchOf(name, before, after) {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) {
    start++;
  }
  let end = 0;
  while (end < old.length - start && end < now.length - start && old[old.length - 1 - end] === now[now.length - 1 - end]) {
    end++;
  }
  const from = Math.max(0, start - 3);
  const rest = Math.max(0, end - 3);
  const last = lines => lines.length > 0 && lines[lines.length - 1] === '' ? lines.length - 1 : lines.length;
  const [oldEnd, nowEnd] = [Math.min(old.length - rest, last(old)), Math.min(now.length - rest, last(now))];
  const out = ['--- a/' + name, '+++ b/' + name, '@@ -' + (from + 1) + ',' + (oldEnd - from) + ' +' + (from + 1) + ',' + (nowEnd - from) + ' @@'];
  const open = (lines, number) => number === lines.length - 1 && lines[number] !== '' ? ['\\ No newline at end of file'] : [];
  for (let i = from; i < start; i++) {
    out.push(' ' + old[i]);
  }
  for (let i = start; i < Math.min(old.length - end, last(old)); i++) {
    out.push('-' + old[i], ...open(old, i));
  }
  for (let i = start; i < Math.min(now.length - end, last(now)); i++) {
    out.push('+' + now[i], ...open(now, i));
  }
  for (let i = Math.max(start, old.length - end); i < oldEnd; i++) {
    out.push(' ' + old[i], ...open(old, i));
  }
  return out.join('\n') + '\n';
}

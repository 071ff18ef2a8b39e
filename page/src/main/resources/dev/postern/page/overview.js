const exposureMarks = {internet: '◉', outside: '◎', cluster: '●', namespaces: '◐', namespace: '○', nobody: '–'};

function noteList(notes) {
  return notes.map(note => make('p', {class: 'note'}, note));
}

// A file of another kind may have an error in each of its thousand lines.
function problemList(diagnostics, linked = true) {
  const all = make('div');
  const after = addGradually(all, diagnostics, each => make('p', {class: each.severity === 'error' ? 'note bad' : 'note'},
    place(each, linked), ' ', each.severity, ': ', each.message, each.hint ? ' (hint: ' + each.hint + ')' : ''), 50);
  return [all, after];
}

function place(each, linked = true) {
  const words = each.line ? each.file + ':' + each.line + ':' + each.column : each.file;
  return linked && data.sources.some(source => source.name === each.file)
    ? sourceLink(each.file, each.line, words)
    : make('span', {class: 'mono'}, words);
}

const overviewView = {
  name: 'overview',
  title: 'Overview',
  async draw(section) {
    const overview = await page.overview();
    const shownRows = make('tbody');
    const filter = make('input', {type: 'search', placeholder: 'workload, policy, who …', value: route.given('text')});
    const table = make('table', {class: 'full cards'},
      make('caption', {class: 'unseen'}, 'Exposure of each workload, the most exposed first'),
      make('thead', {}, make('tr', {}, ['Workload', 'Reached by', 'Reaches', 'Isolated', 'Policies', ...(data.open ? ['Could be reached by', 'Could reach'] : [])].map(head => make('th', {scope: 'col'}, head)))),
      shownRows);
    const after = make('div');
    const list = () => {
      const wanted = filter.value.trim().toLowerCase();
      const rows = overview.exposures.filter(each => !wanted
        || [each.id, each.reachedBy, each.reaches, ...each.policies].some(text => text.toLowerCase().includes(wanted)));
      shownRows.replaceChildren();
      fill(after, addGradually(shownRows, rows, exposureRow, 200), rows.length === 0 ? make('p', {}, overview.exposures.length ? 'No workload matches.' : nobodyWords(overview)) : null);
    };
    filter.addEventListener('input', later(120, () => { route.keep({text: filter.value}); list(); }));
    const findings = await page.findings();
    const counts = Object.entries(overview.counts);
    fill(section,
      make('h2', {}, 'Overview'),
      make('ul', {class: 'chips', 'aria-label': 'What was read'}, counts.map(([kind, count]) => make('li', {}, count + ' ' + kind)),
        make('li', {}, make('a', {href: '#findings'}, plural(findings.findings.length, 'finding')))),
      overview.exposures.length ? make('p', {}, overview.summary) : null,
      noteList(overview.notes),
      problemList(overview.diagnostics),
      make('p', {class: 'soft legend'}, Object.entries(exposureMarks).map(([word, sign]) => sign + ' ' + exposureWords[word]).join('   ')),
      openWords(),
      make('div', {class: 'bar'}, make('label', {}, 'Filter', filter)),
      overview.exposures.length ? make('div', {class: 'scroll'}, table) : null, after);
    list();
  }
};

// What only Z3 can tell was asked when the page was written, or the command line tells it.
function openWords() {
  return data.open ? make('p', {class: 'soft'}, 'The last two columns are about any pod that could ever come, with any labels in any namespace; Z3 decided them when this page was written.')
    : data.exposureCommand ? make('p', {class: 'soft'}, 'Whether a pod that could ever come might reach a workload, or be reached, the command line says: ', make('code', {}, data.exposureCommand)) : null;
}

// Of what could not be read nothing is known, and so nothing is said.
function nobodyWords(overview) {
  return overview.diagnostics.some(each => each.severity === 'error')
    ? 'No workload was read. What has an error is left out: who is exposed is not known.'
    : 'The manifests hold no workload: nobody is exposed, and no question has an end in the cluster.';
}

const exposureWords = {internet: 'the internet', outside: 'some addresses outside', cluster: 'the whole cluster', namespaces: 'other namespaces', namespace: 'its own namespace', nobody: 'nobody'};

function exposureRow(each) {
  return make('tr', {},
    make('th', {scope: 'row'}, make('button', {type: 'button', class: 'plain', onclick: () => route.ask('who can reach ' + each.id)}, each.id)),
    make('td', {'data-head': 'Reached by'}, exposureMarks[each.in] + ' ', folded(each.reachedBy)),
    make('td', {'data-head': 'Reaches'}, exposureMarks[each.out] + ' ', folded(each.reaches)),
    make('td', {'data-head': 'Isolated'}, each.isolated),
    make('td', {'data-head': 'Policies'}, each.policies.length ? folded(each.policies.join(', ')) : 'none'),
    data.open ? ['Could be reached by', 'Could reach'].map((head, side) => make('td', {'data-head': head}, (data.open[each.id] || ['', ''])[side])) : null);
}

const findingsView = {
  name: 'findings',
  title: 'Findings',
  async draw(section) {
    const all = await page.findings();
    const findings = all.findings;
    const holder = make('div');
    const after = make('div');
    const severity = make('select', {}, ['all', 'error', 'warning', 'info'].map(each => make('option', {selected: each === route.given('severity')}, each)));
    const filter = make('input', {type: 'search', placeholder: 'code, message, file …', value: route.given('text')});
    const list = () => {
      const wanted = filter.value.trim().toLowerCase();
      const some = findings.filter(each => (severity.value === 'all' || each.severity === severity.value)
        && (!wanted || [each.code, each.message, each.file].some(text => text.toLowerCase().includes(wanted))));
      holder.replaceChildren();
      fill(after, addGradually(holder, some, finding, 100), some.length === 0 ? make('p', {}, findings.length ? 'No finding matches.' : 'Nothing was found.') : null);
      say(plural(some.length, 'finding'));
    };
    const kinds = new Map();
    findings.forEach(each => kinds.set(each.code, (kinds.get(each.code) || 0) + 1));
    const chips = make('ul', {class: 'chips', 'aria-label': 'Findings by code'}, [...kinds].sort((one, other) => natural(one[0], other[0])).map(([code, count]) => make('li', {},
      make('button', {type: 'button', class: 'plain', title: 'show these alone', onclick: () => { filter.value = filter.value === code ? '' : code; change(); }}, code + ' (' + count + ')'))));
    const change = later(120, () => { route.keep({text: filter.value, severity: severity.value === 'all' ? '' : severity.value}); list(); });
    filter.addEventListener('input', change);
    severity.addEventListener('change', change);
    fill(section, make('h2', {}, 'Findings'),
      make('p', {class: 'soft'}, all.note + ' The command line says more of each by its code, as postern explain NP313 does.'),
      make('div', {class: 'bar'}, make('label', {}, 'Severity', severity), make('label', {}, 'Filter', filter)), chips, holder, after);
    list();
  }
};

function finding(each) {
  return make('article', {class: 'finding'},
    make('div', {}, make('strong', {}, each.severity + ' ' + each.code), ' ', place(each)),
    make('div', {}, each.message, each.hint ? make('div', {class: 'soft'}, 'hint: ' + each.hint) : null),
    each.excerpt ? make('pre', {}, each.excerpt) : null);
}

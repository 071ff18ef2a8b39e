// What the policies make of traffic that was recorded, as rows.
const fateWords = {
  breaks: 'would break: it passed, and the manifests deny it',
  opens: 'would open: a policy dropped it, and the manifests allow it',
  unknown: 'not known',
  same: 'as before'
};

const trafficView = {
  name: 'traffic',
  title: 'Traffic',
  async draw(section) {
    const traffic = data.traffic;
    const fates = Object.keys(fateWords);
    const fate = make('select', {'aria-label': 'Fate'}, make('option', {value: ''}, 'all'),
      fates.map(each => make('option', {value: each, selected: route.given('fate') === each}, fateWords[each].split(':')[0])));
    const input = (name, hint) => make('input', {type: 'search', placeholder: hint, value: route.given(name), size: 18});
    const fields = {from: input('from', 'source'), to: input('to', 'destination'), on: input('on', 'tcp/5432'), why: input('why', 'policy, reason …')};
    const body = make('tbody');
    const after = make('div');
    const count = make('p', {class: 'soft', role: 'status'});
    let found = [];
    const rowOf = row => make('tr', {},
      make('td', {'data-head': 'Fate', class: row.fate === 'same' ? 'soft' : undefined}, fateWords[row.fate].split(':')[0]),
      make('td', {'data-head': 'From'}, row.from), make('td', {'data-head': 'To'}, row.to), make('td', {'data-head': 'On'}, row.on),
      make('td', {'data-head': 'Flows'}, row.flows, row.assumed ? ' (seen by what knows no policies)' : ''), make('td', {'data-head': 'Bytes'}, row.bytes || ''),
      make('td', {'data-head': 'Seen'}, row.first === row.last ? row.first : row.first + ' to ' + row.last, ' at ', make('span', {class: 'mono'}, row.place)),
      make('td', {'data-head': 'Because'}, reasons(row.because)));
    const list = () => {
      const wanted = name => fields[name].value.trim().toLowerCase();
      const fits = (text, name) => !wanted(name) || text.toLowerCase().includes(wanted(name));
      found = traffic.rows.filter(row => (!fate.value || row.fate === fate.value)
        && fits(row.from, 'from') && fits(row.to, 'to') && fits(row.on, 'on') && fits(row.because.join(' '), 'why'));
      body.replaceChildren();
      count.textContent = plural(found.length, 'edge') + ' of ' + traffic.rows.length;
      fill(after, addGradually(body, found, rowOf, 200));
    };
    const change = later(120, () => {
      route.keep({fate: fate.value, ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value]))});
      list();
    });
    fate.addEventListener('change', change);
    Object.values(fields).forEach(field => field.addEventListener('input', change));
    const heads = ['Fate', 'From', 'To', 'On', 'Flows', 'Bytes', 'Seen', 'Because'];
    fill(section, make('h2', {}, 'What the policies make of recorded traffic'),
      make('ul', {class: 'chips', 'aria-label': 'Flows by fate'}, fates.map(each => make('li', {}, plural(traffic.counts[each], 'flow') + ' ' + fateWords[each].split(':')[0]))),
      noteList(traffic.logs), traffic.leftOut.length ? make('p', {class: 'note'}, 'Left out: ' + traffic.leftOut.join(', ')) : null,
      make('div', {class: 'bar'}, make('label', {}, 'Fate', fate), make('label', {}, 'From', fields.from), make('label', {}, 'To', fields.to),
        make('label', {}, 'On', fields.on), make('label', {}, 'Because', fields.why),
        make('button', {type: 'button', onclick: () => save('traffic.csv', [['fate', 'source', 'destination', 'traffic', 'flows', 'bytes', 'first', 'last', 'because'].join(','),
          ...found.map(row => [row.fate, row.from, row.to, row.on, row.flows, row.bytes, row.first, row.last, row.because.join('; ')].map(csvCell).join(','))].join('\r\n') + '\r\n', 'text/csv')}, 'Download what is shown')),
      count,
      make('div', {class: 'scroll'}, make('table', {class: 'full cards'}, make('caption', {class: 'unseen'}, 'Who called whom'),
        make('thead', {}, make('tr', {}, heads.map(head => make('th', {scope: 'col'}, head)))), body)), after,
      traffic.unused.length ? [make('h3', {}, 'Rules that no flow used (' + traffic.unused.length + ')'),
        make('p', {class: 'soft'}, 'A rule may be for what happens rarely, for what was not logged, or for traffic that could not be judged.'), reasons(traffic.unused)] : null);
    list();
  }
};

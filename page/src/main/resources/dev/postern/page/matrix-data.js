// The matrix as rows of numbers of reaches, 0 where nothing passes; sources that reach the same share a row.
class Matrix {
  constructor(json) {
    this.endpoints = json.endpoints.map(([name, kind, namespace, short], number) => ({name, kind, namespace, short, number}));
    this.reaches = json.reaches;
    this.notes = json.notes;
    // Who is asked about on either side; of everyone else nothing is said there.
    this.sources = json.sources && new Set(json.sources);
    this.destinations = json.destinations && new Set(json.destinations);
    this.rowOf = json.rowOf;
    this.coded = json.rows;
    this.rows = [];
    this.shared = new WeakMap();
    const groups = new Map();
    for (const endpoint of this.endpoints) {
      const key = endpoint.namespace;
      if (!groups.has(key)) {
        groups.set(key, {name: key === '' ? 'outside the cluster' : key, outside: key === '', members: []});
      }
      groups.get(key).members.push(endpoint);
    }
    this.groups = [...groups.values()].sort((one, other) => one.outside - other.outside || natural(one.name, other.name));
  }

  // The endpoint of a name, if just one has it.
  named(name) {
    const found = this.endpoints.filter(each => each.name === name);
    return found.length === 1 ? found[0] : undefined;
  }

  // All endpoints, ns2 before ns10.
  inOrder() {
    return this.ordered ??= [...this.endpoints].sort((one, other) => natural(one.name, other.name));
  }

  row(source) {
    const number = this.rowOf[source];
    if (!this.rows[number]) {
      const row = new Uint16Array(this.endpoints.length);
      const runs = this.coded[number].split(' ');
      for (let i = 0, at = 0; i + 1 < runs.length; i += 2) {
        const end = at + Number(runs[i]);
        row.fill(Number(runs[i + 1]), at, end);
        at = end;
      }
      this.rows[number] = row;
    }
    return this.rows[number];
  }

  // Nothing is said of what goes on outside the cluster, and an endpoint's calls to itself are no matter of policies.
  judges(source, destination) {
    return source !== destination && this.isSource(source) && this.isDestination(destination) && !(this.endpoints[source].namespace === '' && this.endpoints[destination].namespace === '');
  }

  isSource(number) {
    return !this.sources || this.sources.has(number);
  }

  isDestination(number) {
    return !this.destinations || this.destinations.has(number);
  }

  // The number of a reach, 0 for nothing.
  at(source, destination) {
    return source === destination ? 0 : this.row(source)[destination];
  }

  reach(number) {
    return number === 0 ? ['nothing', 'none'] : this.reaches[number - 1];
  }

  // Of each pair of sets of endpoints how many pairs pass, of how many, and with which reaches.
  between(sources, destinations) {
    const found = new Map();
    let pairs = 0;
    for (const same of this.byRow(sources)) {
      for (const destination of destinations) {
        if (!this.isDestination(destination.number)) {
          continue;
        }
        const count = destination.namespace === '' ? same.inside : same.all - (same.numbers.has(destination.number) ? 1 : 0);
        pairs += count;
        const reach = same.row[destination.number];
        if (reach && count) {
          found.set(reach, (found.get(reach) || 0) + count);
        }
      }
    }
    let passing = 0;
    found.forEach(count => passing += count);
    const kinds = new Set([...found.keys()].map(each => this.reach(each)[1]));
    return {pairs, passing, reaches: found,
      perhaps: passing > 0 && [...kinds].every(each => each === 'perhaps'),
      all: passing > 0 && passing === pairs && kinds.size === 1 && kinds.has('all')};
  }

  // The sources by the row that they share; the same list of sources is asked about again and again.
  byRow(sources) {
    let known = this.shared.get(sources);
    if (!known) {
      const byRow = new Map();
      for (const source of sources.filter(each => this.isSource(each.number))) {
        const number = this.rowOf[source.number];
        const same = byRow.get(number) || {row: this.row(source.number), all: 0, inside: 0, numbers: new Set()};
        byRow.set(number, same);
        same.all++;
        same.inside += source.namespace === '' ? 0 : 1;
        same.numbers.add(source.number);
      }
      known = [...byRow.values()];
      this.shared.set(sources, known);
    }
    return known;
  }

  words(summary) {
    if (summary.pairs === 0) {
      return 'not judged';
    }
    if (summary.passing === 0) {
      return 'nothing';
    }
    const most = [...summary.reaches].sort((one, other) => other[1] - one[1]).slice(0, 3).map(each => this.reach(each[0])[0]);
    const more = summary.reaches.size > 3 ? ', …' : '';
    if (summary.pairs === 1) {
      return most[0];
    }
    return (summary.passing === summary.pairs ? 'all' : summary.passing + ' of') + ' ' + plural(summary.pairs, 'pair') + ': ' + most.join('; ') + more;
  }
}

const marks = {all: '●', some: '◐', perhaps: '?', none: '·'};

function mark(summary) {
  return summary.pairs === 0 ? ['self', ' ']
    : summary.passing === 0 ? ['none', marks.none]
    : summary.perhaps ? ['perhaps', marks.perhaps]
    : summary.all ? ['all', marks.all] : ['some', marks.some];
}

package dev.postern.answer;

import dev.postern.answer.Answer.Verdict;
import dev.postern.cluster.Entrance;
import dev.postern.cluster.Node;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Reference;
import dev.postern.net.PortSet;
import dev.postern.net.Traffic;
import dev.postern.question.Asked;
import dev.postern.question.Party;
import dev.postern.question.Quantifier;
import dev.postern.question.Question;
import dev.postern.reach.Connectivity;
import dev.postern.reach.NotRead;
import dev.postern.reach.Reachability;
import dev.postern.service.ServiceBackend;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One question to one planned cluster. */
final class QuestionEvaluation {

  /** Of so many sources or destinations an answer says why they are on its list. */
  private static final int SAMPLES = 20;

  private final Directory directory;
  private final Reachability reachability;
  private final Reference reference;
  private final Optional<String> namespace;
  private final Question question;
  private final TranslatedTraffic crossings;
  private final Set<String> notes = new LinkedHashSet<>();
  private final Set<Service> ofOpenFamily = new LinkedHashSet<>();
  private List<Site> sources = List.of();
  private List<Destination> targets = new ArrayList<>();
  private boolean leadsToAddresses;
  /** How many are meant of nodes of which some addresses are not known. */
  private final Set<Quantifier> hiddenNodes = EnumSet.noneOf(Quantifier.class);

  QuestionEvaluation(
      Directory directory,
      Reachability reachability,
      Optional<String> namespace,
      Question question) {
    this.directory = directory;
    this.reachability = reachability;
    this.reference = new Reference(directory.cluster(), reachability.plan().options());
    this.crossings =
        new TranslatedTraffic(reachability, directory.nodesAt(), directory.podAddresses());
    this.namespace = namespace;
    this.question = question;
  }

  Answer answer() {
    PartyResolver parties = new PartyResolver(directory, namespace, question.text());
    if (question instanceof Question.Can can) {
      sources = sites(parties, can.source());
      targets(parties, can.destination());
      keepSpeakers(can);
      PairFindings findings = can.source() instanceof Party.Anyone
          ? anyone(can.destination().quantifier())
          : judge(sources, can.source().quantifier(), targets, can.destination().quantifier());
      unsettle(findings, parties.perhaps(can.source()), can.source().quantifier());
      unsettle(findings, parties.perhaps(can.destination()), can.destination().quantifier());
      return answer(findings);
    }
    if (question instanceof Question.Who who) {
      sources = parties.everyone();
      targets(parties, who.destination());
      PairFindings findings = anyone(who.destination().quantifier());
      unsettle(findings, parties.perhaps(who.destination()), Quantifier.ANY);
      return answer(findings);
    }
    Question.What what = (Question.What) question;
    sources = sites(parties, what.source());
    Asked asked = question.asked();
    PortNames portNames = new PortNames(question.text(), asked.names());
    for (Site site : parties.everyone()) {
      Traffic there = portNames.at(site, asked.traffic());
      if (!there.isEmpty()) {
        targets.add(Destination.of(site, there));
      }
    }
    portNames.check();
    PairFindings findings = judge(sources, what.source().quantifier(), targets, Quantifier.ANY);
    unsettle(findings, parties.perhaps(what.source()), Quantifier.ANY);
    return answer(findings);
  }

  /** Pods of undeclared namespaces, which the question means or not, leave open what the others do not decide. */
  private void unsettle(PairFindings findings, List<Workload> hidden, Quantifier quantifier) {
    if (!hidden.isEmpty()) {
      findings.verdict = sources.isEmpty() || targets.isEmpty()
          ? Verdict.UNKNOWN
          : PairEvaluation.fold(quantifier, EnumSet.of(findings.verdict, Verdict.UNKNOWN));
      notes.add("it depends on the labels of "
          + NotRead.namespaces(
              hidden.stream().map(Workload::namespace).distinct().toList())
          + ", which no manifest declares");
    }
  }

  /** What the question is about, whatever the answer is. */
  QuestionScope scope() {
    PartyResolver parties = new PartyResolver(directory, namespace, question.text());
    Set<Workload> named = Collections.newSetFromMap(new IdentityHashMap<>());
    if (question instanceof Question.What what) {
      sources = sites(parties, what.source());
      targets = parties.everyone().stream()
          .map(site -> Destination.of(site, question.asked().traffic()))
          .collect(Collectors.toCollection(ArrayList::new));
      addWorkloads(sources.stream(), named);
    } else {
      Party destination = question instanceof Question.Can can
          ? can.destination()
          : ((Question.Who) question).destination();
      boolean anyone = question instanceof Question.Who
          || ((Question.Can) question).source() instanceof Party.Anyone;
      sources =
          question instanceof Question.Can can ? sites(parties, can.source()) : parties.everyone();
      targets(parties, destination);
      if (!anyone) {
        addWorkloads(sources.stream(), named);
      }
      if (!(destination instanceof Party.Anyone)) {
        addWorkloads(targets.stream().flatMap(target -> target.site().stream()), named);
      }
    }
    return QuestionScope.of(List.copyOf(named), sources, targets);
  }

  private static void addWorkloads(Stream<Site> sites, Set<Workload> workloads) {
    sites.flatMap(Site::ends).forEach(end -> {
      if (end instanceof End.InPod pod) {
        workloads.add(pod.workload());
      }
    });
  }

  /** Who is not on the list of a question that asks for one, by cause. */
  List<KeptOut> keptOut() {
    Answer answer = answer();
    return question instanceof Question.Can || answer.unlisted() > 0
        ? List.of()
        : new KeptOutSearch(reachability, reference, question instanceof Question.Who)
            .among(sources, targets, answer);
  }

  /** Whether one of all sources passes, the controller that the manifests do not hold among them. */
  private PairFindings anyone(Quantifier ofTargets) {
    PairFindings findings = judge(sources, Quantifier.ANY, targets, ofTargets);
    if (Connectivity.needsController(directory.cluster())) {
      List<Destination> entered = entered();
      PairFindings controller =
          judge(List.of(Outsiders.ingressController()), Quantifier.ANY, entered, Quantifier.ANY);
      boolean isWhole = isExistential() || entered.equals(targets);
      if (controller.verdict == Verdict.ALLOWED && !isWhole) {
        controller.verdict = Verdict.PARTIAL;
      }
      findings.add(controller);
    }
    return findings;
  }

  private List<Site> sites(PartyResolver parties, Party party) {
    nodeNotes(parties, party);
    List<Site> sites = parties.sites(party);
    if (party instanceof Party.Addresses named && Destinations.isOne(named.addresses())) {
      sites.stream()
          .filter(site -> site.range().isEmpty())
          .forEach(site -> notes.add(
              named.addresses().ranges().get(0).first() + " is the address of " + site.name()));
    }
    return sites;
  }

  /** What to say of a party that is a node, whose traffic is known by its addresses. */
  private void nodeNotes(PartyResolver parties, Party party) {
    if (!(party instanceof Party.Nodes nodes)) {
      return;
    }
    List<Node> meant = parties.nodes(nodes);
    List<String> without = meant.stream()
        .filter(node -> node.addresses().isEmpty())
        .map(Node::name)
        .toList();
    if (meant.isEmpty() || !without.isEmpty()) {
      hiddenNodes.add(nodes.quantifier());
      notes.add(
          meant.isEmpty()
              ? "no manifest holds a Node, which would say what addresses nodes have"
              : "no manifest says which addresses "
                  + (without.size() == 1 ? "node " : "nodes ")
                  + String.join(", ", without) + (without.size() == 1 ? " has" : " have"));
    }
    if (meant.size() > without.size()) {
      notes.add(
          "traffic of a node is judged by the addresses that its Node object lists; from a network of pods it may have another one");
    }
  }

  /** The internet is asked about in the families that the other side has. */
  private void keepSpeakers(Question.Can can) {
    if (hasEveryFamily(can.source())) {
      List<Site> others = targets.stream().flatMap(t -> t.site().stream()).toList();
      sources = sources.stream().filter(site -> speaks(site, others)).toList();
    }
    if (hasEveryFamily(can.destination())) {
      targets = targets.stream()
          .filter(target -> target.site().map(site -> speaks(site, sources)).orElse(true))
          .toList();
    }
  }

  /** Whether a party calls and is called by its addresses of the other side's family. */
  private static boolean hasEveryFamily(Party party) {
    return party instanceof Party.Internet || party instanceof Party.Nodes;
  }

  private static boolean speaks(Site site, List<Site> others) {
    return others.isEmpty()
        || others.stream()
            .flatMap(other -> other.cells().stream())
            .anyMatch(cell -> cell.speaksWith(site.cells().get(0)));
  }

  /** The targets that a way in leads to, with the traffic that comes in there. */
  private List<Destination> entered() {
    Map<Workload, Traffic> entering = new IdentityHashMap<>();
    for (Entrance entrance : directory.cluster().entrances()) {
      for (ServiceBackend backend : directory.backends().behind(entrance)) {
        if (backend.end() instanceof End.InPod pod) {
          entering.merge(
              pod.workload(),
              Traffic.of(backend.protocol(), PortSet.of(backend.port())),
              Traffic::union);
        }
      }
    }
    List<Destination> entered = new ArrayList<>();
    for (Destination target : targets) {
      target
          .site()
          .flatMap(site -> site.cells().get(0).first() instanceof End.InPod pod
              ? Optional.ofNullable(entering.get(pod.workload()))
              : Optional.empty())
          .map(target.asked()::intersect)
          .filter(traffic -> !traffic.isEmpty())
          .ifPresent(traffic -> entered.add(Destination.of(target.site().orElseThrow(), traffic)));
    }
    return entered;
  }

  /** The choices that Kubernetes leaves open and that could change the answer. */
  List<AlternativeReading.Choice> choices() {
    boolean direct =
        targets.stream().allMatch(target -> target.crossing().equals(ServiceTranslation.NONE));
    return new OpenChoices(directory).about(sites().toList(), direct);
  }

  /** The Services on the way that have one family, which nothing says. */
  Set<Service> ofOpenFamily() {
    return ofOpenFamily;
  }

  private Stream<Site> sites() {
    return Stream.concat(
        sources.stream(), targets.stream().flatMap(target -> target.site().stream()));
  }

  private void targets(PartyResolver parties, Party party) {
    nodeNotes(parties, party);
    Destinations destinations = new Destinations(
        directory,
        parties,
        question.text(),
        question.asked(),
        Destinations.isOutside(sources),
        sources.stream().allMatch(AnswerNotes::isOutside));
    destinations.add(party);
    targets.addAll(destinations.targets());
    notes.addAll(destinations.notes());
    ofOpenFamily.addAll(destinations.ofOpenFamily());
    leadsToAddresses = party instanceof Party.Addresses
        || party instanceof Party.ServiceNamed
        || party instanceof Party.DomainNamed;
  }

  private PairFindings judge(
      List<Site> from, Quantifier ofSources, List<Destination> to, Quantifier ofTargets) {
    boolean apart = reachability.plan().options().nodeTrafficPasses()
        && Stream.concat(from.stream(), to.stream().flatMap(t -> t.site().stream()))
            .anyMatch(site -> site.isOnANode(directory.nodeAddresses()));
    apart |= to.stream()
        .anyMatch(target -> target.crossing().locality() != Locality.ANYWHERE
            || target.crossing().before().stream()
                .anyMatch(called -> called.end() instanceof End.Outside outside
                    && directory.nodeAddresses().contains(outside.address())));
    List<Site> fromSites = apart ? from.stream().map(Site::apart).toList() : from;
    List<Destination> toSites = apart ? to.stream().map(Destination::apart).toList() : to;
    PairFindings findings = new PairEvaluation(
            reachability,
            reference,
            crossings,
            apart,
            isExistential(),
            question instanceof Question.Can ? 1 : SAMPLES)
        .judge(fromSites, ofSources, toSites, ofTargets);
    if (to.isEmpty()) {
      findings.verdict = Verdict.UNKNOWN;
    }
    for (Quantifier quantifier : hiddenNodes) {
      findings.verdict = from.isEmpty()
          ? Verdict.UNKNOWN
          : PairEvaluation.fold(quantifier, EnumSet.of(findings.verdict, Verdict.UNKNOWN));
    }
    return findings;
  }

  /** Where all sources or all destinations are asked for, one open port is enough to name an end. */
  private boolean isExistential() {
    return question.asked().existential() || !(question instanceof Question.Can);
  }

  private Answer answer(PairFindings findings) {
    if (findings.onlyItself) {
      notes.add("a pod always reaches itself");
    }
    if (findings.nobodyOnItsNode) {
      notes.add("no pod behind the Service runs on the client's node, and it leads to no other");
    }
    if (findings.familiesDiffer) {
      notes.add("an IPv4 address and an IPv6 address cannot reach each other");
    }
    if (crossings.mayLeadToFewer() && findings.verdict == Verdict.PARTIAL) {
      findings.verdict = Verdict.UNKNOWN;
    }
    AnswerNotes more = new AnswerNotes(directory, question, sources, targets, notes);
    crossings.remarks().forEach(more::remark);
    findings.unplaced.ifPresent(end -> notes.add("no manifest says on which node " + end
        + " runs, and traffic between a pod and its node passes"));
    if (findings.verdict == Verdict.DENIED) {
      findings.apart.ifPresent(sides -> notes.add("the two sides share no port: " + sides.source()
          + " may send " + sides.sent() + ", and " + sides.destination() + " takes "
          + sides.taken()));
    }
    more.template();
    more.families();
    more.outside(leadsToAddresses);
    more.services(findings.connections);
    List<Judgement> witnesses = new ArrayList<>();
    if (findings.verdict != Verdict.DENIED) {
      findings.passing.forEach(
          s -> witnesses.add(replayed(s, dev.postern.meaning.FlowVerdict.ALLOWED)));
    }
    if (findings.verdict != Verdict.ALLOWED) {
      findings.undecided.ifPresent(
          s -> witnesses.add(replayed(s, dev.postern.meaning.FlowVerdict.UNKNOWN)));
      if (findings.verdict != Verdict.UNKNOWN || findings.undecided.isEmpty()) {
        findings.stopped.ifPresent(
            s -> witnesses.add(replayed(s, dev.postern.meaning.FlowVerdict.DENIED)));
      }
    }
    witnesses.forEach(
        witness -> Uncertainty.of(witness, directory.cluster()).ifPresent(notes::add));
    notes.addAll(NotRead.notes(directory.cluster()));
    return new Answer(
        question,
        findings.verdict,
        findings.connections,
        findings.unlisted,
        witnesses,
        List.copyOf(notes),
        List.of());
  }

  private Judgement replayed(Sample sample, dev.postern.meaning.FlowVerdict expected) {
    Judgement judgement = reference.judge(sample.flow());
    if (judgement.verdict() != expected) {
      throw new IllegalStateException("the set engine says " + expected + ", the definition says "
          + judgement.verdict() + " of " + judgement.flow());
    }
    return judgement;
  }
}

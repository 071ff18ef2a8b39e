package dev.postern.answer;

import dev.postern.answer.Answer.Verdict;
import dev.postern.answer.Judge.Findings;
import dev.postern.cluster.Entrance;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.AddressSet;
import dev.postern.net.PortSet;
import dev.postern.net.Traffic;
import dev.postern.question.Asked;
import dev.postern.question.Party;
import dev.postern.question.Quantifier;
import dev.postern.question.Question;
import dev.postern.reach.Connectivity;
import dev.postern.reach.Reachability;
import dev.postern.service.Backend;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** One question to one planned cluster. */
final class Asking {

  /** Of so many sources or destinations an answer says why they are on its list. */
  private static final int SAMPLES = 20;

  private final Directory directory;
  private final Reachability reachability;
  private final Reference reference;
  private final Optional<String> namespace;
  private final Question question;
  private final Set<String> notes = new LinkedHashSet<>();
  private List<Site> sources = List.of();
  private List<Target> targets = List.of();

  Asking(
      Directory directory,
      Reachability reachability,
      Optional<String> namespace,
      Question question) {
    this.directory = directory;
    this.reachability = reachability;
    this.reference = new Reference(directory.cluster(), reachability.plan().options());
    this.namespace = namespace;
    this.question = question;
  }

  Answer answer() {
    Parties parties = new Parties(directory, namespace, question.text());
    if (question instanceof Question.Can can) {
      sources = sites(parties, can.source());
      boolean hidden = targets(parties, can.destination());
      keepSpeakers(can);
      Findings findings =
          judge(sources, can.source().quantifier(), targets, can.destination().quantifier());
      return hidden ? behindNodes(can, findings) : answer(findings);
    }
    if (question instanceof Question.Who who) {
      sources = everyone();
      targets(parties, who.destination());
      Findings findings =
          judge(sources, Quantifier.ANY, targets, who.destination().quantifier());
      if (Connectivity.needsController(directory.cluster())) {
        Site controller = Outsiders.ingressController();
        findings.add(judge(List.of(controller), Quantifier.ANY, entered(), Quantifier.ANY));
      }
      return answer(findings);
    }
    Question.What what = (Question.What) question;
    sources = sites(parties, what.source());
    Asked asked = question.asked();
    targets = everyone().stream().map(site -> Target.of(site, asked.traffic())).toList();
    return answer(judge(sources, what.source().quantifier(), targets, Quantifier.ANY));
  }

  private List<Site> sites(Parties parties, Party party) {
    List<Site> sites = parties.sites(party);
    if (party instanceof Party.Addresses named && ServiceRoutes.isOne(named.addresses())) {
      sites.stream()
          .filter(site -> site.range().isEmpty())
          .forEach(site -> notes.add(
              named.addresses().ranges().get(0).first() + " is the address of " + site.name()));
    }
    return sites;
  }

  /** The internet is asked about in the families that the other side has. */
  private void keepSpeakers(Question.Can can) {
    if (can.source() instanceof Party.Internet) {
      List<Site> others = targets.stream().flatMap(t -> t.site().stream()).toList();
      sources = sources.stream().filter(site -> speaks(site, others)).toList();
    }
    if (can.destination() instanceof Party.Internet) {
      targets = targets.stream()
          .filter(target -> speaks(target.site().orElseThrow(), sources))
          .toList();
    }
  }

  private static boolean speaks(Site site, List<Site> others) {
    return others.isEmpty()
        || others.stream()
            .flatMap(other -> other.cells().stream())
            .anyMatch(cell -> cell.speaksWith(site.cells().get(0)));
  }

  /** The targets that a way in leads to, with the traffic that comes in there. */
  private List<Target> entered() {
    Map<Workload, Traffic> entering = new IdentityHashMap<>();
    for (Entrance entrance : directory.cluster().entrances()) {
      for (Backend backend : directory.backends().behind(entrance)) {
        if (backend.end() instanceof End.InPod pod) {
          entering.merge(
              pod.workload(),
              Traffic.of(backend.protocol(), PortSet.of(backend.port())),
              Traffic::union);
        }
      }
    }
    List<Target> entered = new ArrayList<>();
    for (Target target : targets) {
      target
          .site()
          .flatMap(site -> site.cells().get(0).first() instanceof End.InPod pod
              ? Optional.ofNullable(entering.get(pod.workload()))
              : Optional.empty())
          .map(target.asked()::intersect)
          .filter(traffic -> !traffic.isEmpty())
          .ifPresent(traffic -> entered.add(Target.of(target.site().orElseThrow(), traffic)));
    }
    return entered;
  }

  /** The ends that the question is about. */
  Stream<End> ends() {
    return Stream.concat(sources.stream(), targets.stream().flatMap(t -> t.site().stream()))
        .flatMap(site -> site.cells().stream())
        .flatMap(cell -> cell.ends().stream());
  }

  private List<Site> everyone() {
    List<Site> sites = new ArrayList<>();
    directory.cluster().workloads().forEach(w -> sites.add(directory.site(w)));
    sites.addAll(Outsiders.everyone(directory));
    return sites;
  }

  /** Finds the targets; says whether the client's address is hidden from them. */
  private boolean targets(Parties parties, Party party) {
    Asked asked = question.asked();
    Optional<Service> service = Optional.empty();
    if (party instanceof Party.ServiceNamed named) {
      service = Optional.of(parties.service(named));
    } else if (party instanceof Party.Addresses addresses) {
      service = ServiceRoutes.at(directory, addresses.addresses());
    }
    if (service.isEmpty()) {
      targets =
          parties.sites(party).stream().map(s -> Target.of(s, asked.traffic())).toList();
      return false;
    }
    ServiceRoutes routes =
        new ServiceRoutes(directory, service.get(), asked, ServiceRoutes.isOutside(sources));
    targets = routes.targets();
    notes.addAll(routes.notes());
    return routes.hidesTheClient() && question instanceof Question.Can;
  }

  private Findings judge(
      List<Site> from, Quantifier ofSources, List<Target> to, Quantifier ofTargets) {
    boolean apart = reachability.plan().options().nodeTrafficPasses()
        && Stream.concat(from.stream(), to.stream().flatMap(t -> t.site().stream()))
            .anyMatch(this::isOnANode);
    List<Site> fromSites = apart ? from.stream().map(Site::apart).toList() : from;
    List<Target> toSites = apart ? to.stream().map(Target::apart).toList() : to;
    Findings findings = new Judge(
            reachability,
            reference,
            apart,
            isExistential(),
            question instanceof Question.Can ? 1 : SAMPLES)
        .judge(fromSites, ofSources, toSites, ofTargets);
    if (to.isEmpty()) {
      findings.verdict = Verdict.UNKNOWN;
    }
    return findings;
  }

  /** To who asks for all sources or all destinations, one port is reason enough to name them. */
  private boolean isExistential() {
    return question.asked().existential() || !(question instanceof Question.Can);
  }

  private boolean isOnANode(Site site) {
    return site.cells().stream()
        .flatMap(cell -> cell.ends().stream())
        .anyMatch(end -> end instanceof End.InPod pod
            ? pod.workload().hostNetwork() && pod.pod().flatMap(p -> p.node()).isPresent()
            : end instanceof End.Outside outside
                && directory.nodeAddresses().contains(outside.address()));
  }

  /** A node may put its own address in place of the client's, so the answer holds only if it is the same for both. */
  private Answer behindNodes(Question.Can can, Findings findings) {
    boolean known = !directory.nodeAddresses().isEmpty();
    List<Site> nodes = known
        ? Outsiders.sites(directory, AddressSet.ofAddresses(directory.nodeAddresses()))
        : Outsiders.everyone(directory);
    Findings hidden = judge(nodes, Quantifier.EVERY, targets, can.destination().quantifier());
    String caveat =
        "its externalTrafficPolicy is not Local: a node may put its own address in place of the client's";
    if (hidden.verdict == findings.verdict) {
      notes.add(
          caveat + "; the answer is the same for " + (known ? "every node" : "every address"));
    } else {
      notes.add(caveat
          + (known
              ? ", and for nodes the answer is " + hidden.verdict.word()
              : ", and which addresses nodes have is not known")
          + "; for the client's own address it is " + findings.verdict.word());
      findings.verdict = Verdict.UNKNOWN;
    }
    return answer(findings);
  }

  private Answer answer(Findings findings) {
    if (findings.onlyItself) {
      notes.add("a pod always reaches itself");
    }
    if (findings.familiesDiffer) {
      notes.add("an IPv4 address and an IPv6 address cannot reach each other");
    }
    List<Judgement> witnesses = new ArrayList<>();
    if (findings.verdict != Verdict.DENIED) {
      findings.passing.forEach(
          s -> witnesses.add(replayed(s, dev.postern.meaning.Verdict.ALLOWED)));
    }
    if (findings.verdict != Verdict.ALLOWED) {
      findings.undecided.ifPresent(
          s -> witnesses.add(replayed(s, dev.postern.meaning.Verdict.UNKNOWN)));
      if (findings.verdict != Verdict.UNKNOWN || findings.undecided.isEmpty()) {
        findings.stopped.ifPresent(
            s -> witnesses.add(replayed(s, dev.postern.meaning.Verdict.DENIED)));
      }
    }
    witnesses.forEach(witness -> Uncertainty.of(witness).ifPresent(notes::add));
    return new Answer(
        question,
        findings.verdict,
        findings.connections,
        findings.unlisted,
        witnesses,
        List.copyOf(notes));
  }

  private Judgement replayed(Sample sample, dev.postern.meaning.Verdict expected) {
    Judgement judgement = reference.judge(sample.flow());
    if (judgement.verdict() != expected) {
      throw new IllegalStateException("the set engine says " + expected + ", the definition says "
          + judgement.verdict() + " of " + judgement.flow());
    }
    return judgement;
  }

  /** The choices that could matter to these ends, each turned the other way. */
  List<Choice> choices(Options options) {
    List<Choice> choices = new ArrayList<>();
    boolean blocks = directory.cluster().policies().stream().anyMatch(Choice::hasIpBlock);
    if (blocks
        && ends().anyMatch(e -> e instanceof End.InPod pod && pod.address().isPresent())) {
      choices.add(Choice.ipBlocks(options));
    }
    if (Stream.concat(sources.stream(), targets.stream().flatMap(t -> t.site().stream()))
        .anyMatch(this::isOnANode)) {
      choices.add(Choice.nodeTraffic(options));
    }
    if (ends().anyMatch(e -> e instanceof End.InPod pod && pod.workload().hostNetwork())) {
      choices.add(Choice.hostNetwork(options));
    }
    return choices;
  }
}

package dev.postern.answer;

import dev.postern.diagnostic.ShortList;
import dev.postern.meaning.End;
import dev.postern.net.AddressSet;
import dev.postern.question.Party;
import dev.postern.question.Question;
import dev.postern.service.ServiceAddresses;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What an answer takes for granted about those that it is about, in words. */
final class AnswerNotes {

  /** So many addresses of Services are named. */
  private static final int NAMED = 3;

  private final Directory directory;
  private final Question question;
  private final List<Site> sources;
  private final List<Destination> targets;
  private final Set<String> notes;

  /** Adds to these notes. */
  AnswerNotes(
      Directory directory,
      Question question,
      List<Site> sources,
      List<Destination> targets,
      Set<String> notes) {
    this.directory = directory;
    this.question = question;
    this.sources = sources;
    this.targets = targets;
    this.notes = notes;
  }

  /** What the translation of a Service's address hides or may change. */
  void remark(TranslatedTraffic.Remark remark) {
    notes.add(words(remark));
  }

  private String words(TranslatedTraffic.Remark remark) {
    boolean known = !directory.nodeAddresses().isEmpty();
    String node =
        "its externalTrafficPolicy is not Local, or its node port leads over another node: a node may put its own address in place of the client's";
    return switch (remark) {
      case NODE_HIDES ->
        node + "; the answer is the same for " + (known ? "every node" : "every address");
      case NODE_MATTERS ->
        node + ", and by that the answer changes"
            + (known ? "" : "; which addresses nodes have is not known");
      case LOAD_BALANCER_MATTERS ->
        "packets come from the load balancer or a node, in place of the client; which addresses the load balancer has, no manifest says";
      case TRANSLATION_MATTERS ->
        "the client's policies may see the address that it called or the pod's, and by that the answer changes";
      case SOURCE_RANGES ->
        "its loadBalancerSourceRanges do not hold every address of the client: a load balancer that heeds them lets nothing in from there";
      case OWN_NODE_ONLY ->
        "no manifest says that the client and a pod behind the Service run on one node";
      case CALLED_NODE_ONLY ->
        "its externalTrafficPolicy is Local, and no manifest says that a pod behind the Service runs on the node that is called, which drops what comes from outside if none does";
      case OTHER_NODES_FOR_PODS ->
        "its externalTrafficPolicy is Local: whether a node leads what pods call there to pods on other nodes, or drops it, depends on kube-proxy's mode and on whether the client keeps its address";
    };
  }

  /** What to say where an end lies outside for all that the manifests say. */
  void outside(boolean leadsToAddresses) {
    Stream.concat(sources.stream(), targets.stream().flatMap(target -> target.site().stream()))
        .flatMap(site -> site.range().stream())
        .map(range -> range.first().family())
        .filter(family -> !directory.families().contains(family))
        .findFirst()
        .ifPresent(family -> notes.add("no pod, node or Service of the manifests has an "
            + family.word() + " address; answers that list addresses leave " + family.word()
            + " out"));
    boolean outside = !targets.isEmpty()
        && targets.stream()
            .allMatch(target -> target.site().filter(AnswerNotes::isOutside).isPresent());
    if (outside && !sources.isEmpty() && sources.stream().allMatch(AnswerNotes::isOutside)) {
      notes.add("no policy is about traffic between addresses that no pod has");
    } else {
      if (question instanceof Question.Can can && can.source() instanceof Party.Addresses) {
        takenOutside(sources.stream());
      }
      takenOutside(targets.stream()
          .filter(target -> leadsToAddresses || target.throughService())
          .flatMap(target -> target.site().stream()));
    }
  }

  /** A pod or a node that has the address could make another answer of it. */
  private void takenOutside(Stream<Site> sites) {
    sites
        .filter(site -> site.range().isPresent()
            && !directory.nodeAddresses().contains(site.range().get().first()))
        .findFirst()
        .ifPresent(
            site -> notes.add(
                site.name()
                    + " is taken to lie outside the cluster: no pod, node or Service of the manifests has it"));
  }

  /** Where two families are in use, a pod without a known address is taken to have one of the other end's. */
  void families() {
    if (directory.families().size() < 2) {
      return;
    }
    List<Site> sites = Stream.concat(
            sources.stream(), targets.stream().flatMap(target -> target.site().stream()))
        .toList();
    boolean known =
        sites.stream().anyMatch(site -> site.ends().anyMatch(end -> !isAddressless(end)));
    if (known) {
      sites.stream()
          .flatMap(Site::ends)
          .filter(AnswerNotes::isAddressless)
          .findFirst()
          .ifPresent(end -> notes.add("no manifest says which address " + end
              + " has: it is taken to have one of the other end's family"));
    }
  }

  private static boolean isAddressless(End end) {
    return end instanceof End.InPod pod && pod.address().isEmpty();
  }

  /** Where no pod of a workload is known, its template stands for two replicas of it. */
  void template() {
    targets.stream()
        .flatMap(target -> target.site().stream())
        .filter(site -> question instanceof Question.Can
            && sources.size() == 1
            && sources.get(0).name().equals(site.name())
            && site.cells().get(0).first() instanceof End.InPod pod
            && pod.pod().isEmpty())
        .findFirst()
        .ifPresent(site -> notes.add(
            "this is about two replicas of " + site.name() + ": a pod always reaches itself"));
  }

  /** A list of what somebody reaches holds addresses outside, of which some lead back to pods. */
  void services(List<Connection> connections) {
    if (!(question instanceof Question.What)) {
      return;
    }
    AddressSet listed = new AddressSet(connections.stream()
        .filter(connection -> !connection.isDenied())
        .flatMap(connection -> connection.destinationRange().stream())
        .toList());
    List<ServiceAddresses.Entry> entries = directory.serviceAddresses().in(listed).stream()
        .filter(entry -> entry.kind() != ServiceAddresses.Kind.CLUSTER_IP)
        .toList();
    if (!entries.isEmpty()) {
      notes.add(
          "addresses of Services are listed like others outside, and lead to the pods behind them: "
              + entries.stream().map(AnswerNotes::words).collect(ShortList.ofFirst(NAMED)));
    }
  }

  private static String words(ServiceAddresses.Entry entry) {
    String kind = switch (entry.kind()) {
      case CLUSTER_IP -> "cluster IP";
      case EXTERNAL_IP -> "external IP";
      case LOAD_BALANCER, LOAD_BALANCER_PROXY -> "load balancer";
      case REQUESTED -> "load balancer that was asked for";
    };
    return entry.address().map(Object::toString).orElse(entry.hostname()) + " (" + kind + " of "
        + entry.service().id() + ")";
  }

  static boolean isOutside(Site site) {
    return !(site.cells().get(0).first() instanceof End.InPod);
  }
}

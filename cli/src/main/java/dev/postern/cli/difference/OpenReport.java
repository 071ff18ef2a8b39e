package dev.postern.cli.difference;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.net.Address;
import dev.postern.openworld.OpenDifference;
import dev.postern.openworld.PossibleEnds;
import dev.postern.policy.Direction;
import dev.postern.wording.DifferenceReport;
import dev.postern.wording.RowCauseWords;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An open difference as people read it: each row with a pod that it would concern. */
final class OpenReport {

  private final Cluster before;
  private final Cluster after;
  private final String oldName;
  private final String newName;

  OpenReport(Cluster before, Cluster after, String oldName, String newName) {
    this.oldName = oldName;
    this.newName = newName;
    this.before = before;
    this.after = after;
  }

  DifferenceReport of(OpenDifference difference) {
    boolean both = Stream.concat(difference.opened().stream(), difference.closed().stream())
            .flatMap(row -> row.families().stream())
            .distinct()
            .count()
        > 1;
    return new DifferenceReport(
        oldName,
        newName,
        difference.undecided().isPresent()
            ? "unknown whether traffic is opened or closed"
            : "proved: no traffic is opened or closed, whichever pods come",
        difference.opened().stream().map(row -> line(row, both)).toList(),
        difference.closed().stream().map(row -> line(row, both)).toList(),
        difference.undecided().map(reason -> "there may be more: " + reason).stream()
            .toList());
  }

  private DifferenceReport.Line line(OpenDifference.OpenRow row, boolean both) {
    return new DifferenceReport.Line(
        words(row.sources()),
        words(row.destinations()),
        row.carried() + DifferenceReport.families(row.families(), both) + extent(row),
        example(row),
        RowCauseWords.of(RowCauseJson.turned(row.witness().was(), row.witness().is())));
  }

  static String words(List<PossibleEnds> side) {
    return side.stream().map(PossibleEnds::toString).collect(Collectors.joining(" or "));
  }

  private static String extent(OpenDifference.OpenRow row) {
    boolean ingress = row.side() == Direction.INGRESS;
    return switch (row.extent()) {
      case WHOLE -> "";
      case WHERE_ADMITTED ->
        ingress
            ? ", where the source's own policies let it out"
            : ", where the destination's own policies let it in";
      case IN_PART -> ", some of it";
    };
  }

  /** {@code a pod app=web in namespace office -> a pod app=db in namespace shop on tcp/5432}. */
  String example(OpenDifference.OpenRow row) {
    Flow flow = row.witness().is().flow();
    return words(flow.source(), row, row.sources()) + " -> "
        + words(flow.destination(), row, row.destinations())
        + " on "
        + (flow.protocol().hasPorts() ? flow.protocol().word() + "/" + flow.port() : "icmp");
  }

  private String words(End end, OpenDifference.OpenRow row, List<PossibleEnds> side) {
    if (!(end instanceof End.InPod pod) || pod.workload().hostNetwork()) {
      return end.toString();
    }
    Workload workload = pod.workload();
    StringBuilder words = new StringBuilder("a pod ");
    words.append(
        workload.labels().size() == 0 ? "without labels" : workload.labels().toString());
    words.append(" in ").append(namespace(workload.namespace(), row.witness()));
    if (!workload.ports().isEmpty()) {
      words
          .append(" with port ")
          .append(workload.ports().stream()
              .map(port -> port.name() + "=" + port.protocol().word() + "/" + port.number())
              .collect(Collectors.joining(",")));
    }
    if (side.stream().anyMatch(PossibleEnds::atSomeAddresses)) {
      words.append(pod.address().map(Address::toString).map(at -> " at " + at).orElse(""));
    }
    return words.toString();
  }

  private String namespace(String name, OpenDifference.Witness witness) {
    if (before.namespaces().containsKey(name) || after.namespaces().containsKey(name)) {
      return "namespace " + name;
    }
    Map<String, String> labels = witness.after().namespace(name).labels().asMap();
    labels.remove(Namespace.NAME_LABEL);
    String called = "a new namespace" + (witness.freelyNamed().contains(name) ? "" : " " + name);
    return labels.isEmpty()
        ? called
        : called + " with "
            + labels.entrySet().stream().map(Object::toString).collect(Collectors.joining(","));
  }
}

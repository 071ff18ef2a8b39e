package dev.postern.openworld;

import dev.postern.cluster.Cluster;
import dev.postern.diff.UndecidedReason;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.policy.Direction;
import dev.postern.solver.Limits;
import dev.postern.solver.Z3;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a change of policies opens and closes for all pods that could ever be: with any labels, named ports and address, in namespaces that
 * exist or could come, and for every address outside. Two clusters differ in it if and only if some pods could be added to both so that a
 * flow between them is judged otherwise; pods that only one of them holds are no difference, a namespace that only one of them holds has the
 * same labels in both. Pods on the host network are those that are there.
 *
 * @param opened traffic that could pass after and could not before
 * @param closed the reverse
 * @param undecided why there may be more than the rows say, if it was not decided
 */
public record OpenDifference(
    List<OpenRow> opened, List<OpenRow> closed, Optional<String> undecided) {

  /** How much of what a row covers has changed. */
  public enum ChangedShare {
    /** Every flow. */
    WHOLE,
    /** Every flow that the other end's policies let pass. */
    WHERE_ADMITTED,
    /** Some flows, of those that a changed policy is about; said where all in detail would be too much to read. */
    IN_PART
  }

  /**
   * Flows whose verdict changes because one side's does.
   *
   * @param side the side whose decision changes: {@code EGRESS} of the source, {@code INGRESS} of the destination
   * @param sources who calls: any of these
   * @param destinations who is called: any of these
   * @param carried on which traffic
   * @param families over which
   * @param extent how much of it changes
   * @param witness one that does
   */
  public record OpenRow(
      Direction side,
      List<PossibleEnds> sources,
      List<PossibleEnds> destinations,
      RowTraffic carried,
      Set<Family> families,
      ChangedShare extent,
      Witness witness) {

    public OpenRow {
      sources = List.copyOf(sources);
      destinations = List.copyOf(destinations);
      families = Collections.unmodifiableSet(EnumSet.copyOf(families));
    }

    /** Whether a flow is one of these; the labels of namespaces are those of this cluster. */
    public boolean holds(Cluster cluster, Flow flow) {
      return carried.holds(flow)
          && sources.stream().anyMatch(anyone -> anyone.holds(cluster, flow.source()))
          && destinations.stream().anyMatch(anyone -> anyone.holds(cluster, flow.destination()))
          && address(flow.source())
              .or(() -> address(flow.destination()))
              .map(address -> families.contains(address.family()))
              .orElse(true);
    }

    private static Optional<Address> address(End end) {
      return end instanceof End.InPod pod
          ? pod.address()
          : Optional.of(((End.Outside) end).address());
    }

    /** {@code pods app=web in namespace shop -> any pod in namespace db on tcp/5432}. */
    @Override
    public String toString() {
      return words(sources) + " -> " + words(destinations) + " on " + carried;
    }

    private static String words(List<PossibleEnds> side) {
      return side.stream().map(PossibleEnds::toString).collect(Collectors.joining(" or "));
    }
  }

  /**
   * A flow that is judged otherwise, as the definition does in both clusters once the pods that it needs are added to both.
   *
   * @param before the cluster before, with them
   * @param after the cluster after, with them
   * @param was the judgement before
   * @param is the judgement after
   * @param freelyNamed the added namespaces whose name is of no account: any that is not taken would do
   */
  public record Witness(
      Cluster before, Cluster after, Judgement was, Judgement is, Set<String> freelyNamed) {

    public Witness {
      freelyNamed = Set.copyOf(freelyNamed);
    }
  }

  public OpenDifference {
    opened = List.copyOf(opened);
    closed = List.copyOf(closed);
  }

  /** Whether it is proved that the change makes no difference to any pod that could ever be. */
  public boolean isEmpty() {
    return opened.isEmpty() && closed.isEmpty() && undecided.isEmpty();
  }

  /**
   * Compares what two clusters' policies let pass.
   *
   * @param limits the time is for all of it, the steps are for one query; when they are used up, what was found is the answer and {@link #undecided} says so
   */
  public static OpenDifference between(
      Cluster before, Cluster after, Options options, Limits limits) {
    Optional<String> absence = Z3.absence();
    if (absence.isPresent()) {
      return new OpenDifference(List.of(), List.of(), absence);
    }
    OpenDifference found = new OpenComparison(before, after, options, limits).difference();
    Optional<String> unsettled = UndecidedReason.between(before, after);
    return new OpenDifference(found.opened, found.closed, unsettled.or(() -> found.undecided));
  }
}

package dev.postern.replay;

import dev.postern.answer.Uncertainty;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.deadline.Deadline;
import dev.postern.meaning.End;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.net.Protocol;
import dev.postern.reach.Reachability;
import dev.postern.reach.Unplaced;
import dev.postern.replay.Recorded.Party;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a set of policies makes of recorded traffic. Entries about the same ends and port are one row. A connection that passed at its
 * source but was dropped where it arrived did not pass.
 *
 * @param rows what was recorded, as it fares now: first what breaks, the most frequent first
 */
public record Replay(List<Row> rows) {

  /** How recorded traffic fares under the policies. */
  public enum Fate {
    /** It passed and would be denied. */
    BREAKS,
    /** It was dropped and would pass. */
    OPENS,
    /** The policies or the manifests do not say. */
    UNDECIDED,
    /** Nothing changes. */
    SAME
  }

  /**
   * Entries about the same ends and port.
   *
   * @param source the caller's name: a workload, or an address
   * @param destination who was called
   * @param times how many entries
   * @param first the first of them
   * @param judgement what the definition says of it; empty if an end is not known
   * @param unknown why it cannot be judged; empty if it was
   */
  public record Row(
      String source,
      String destination,
      Protocol protocol,
      int port,
      int times,
      Recorded first,
      Fate fate,
      Optional<Judgement> judgement,
      String unknown) {

    private Row plus(int more) {
      return new Row(
          source, destination, protocol, port, times + more, first, fate, judgement, unknown);
    }
  }

  public Replay {
    rows = List.copyOf(rows);
  }

  /** The rows of one fate. */
  public List<Row> rows(Fate fate) {
    return rows.stream().filter(row -> row.fate == fate).toList();
  }

  /** Judges what was recorded. */
  public static Replay of(List<Recorded> log, Reachability policies) {
    return new Judge(policies).judge(log);
  }

  /** The same ends and port. */
  private record Key(Named source, Named destination, Protocol protocol, int port) {}

  /** The same names, port and fate. */
  private record Together(
      String source, String destination, Protocol protocol, int port, Fate fate) {}

  /** Entries of one row. */
  private static final class Seen {
    private final Recorded first;
    private int times;
    private boolean passed;
    private boolean arrived;
    private boolean dropped;

    Seen(Recorded first) {
      this.first = first;
    }

    void add(Recorded entry) {
      times++;
      passed |= entry.passed();
      arrived |= entry.passed() && entry.arriving();
      dropped |= !entry.passed();
    }

    boolean got() {
      return arrived || (passed && !dropped);
    }
  }

  /** A party in the cluster's words; without an end if the cluster does not know it. */
  private record Named(String name, Optional<End> end) {}

  private static final class Judge {
    private final Reachability policies;
    private final Reference reference;
    private final Map<String, List<End.InPod>> pods = new HashMap<>();
    private final Map<String, Workload> workloads = new HashMap<>();
    private final Map<Address, End.InPod> byAddress = new HashMap<>();

    Judge(Reachability policies) {
      this.policies = policies;
      Options options = policies.plan().options();
      this.reference = new Reference(policies.plan().cluster(), options);
      for (Workload workload : policies.plan().cluster().workloads()) {
        workloads.put(workload.namespace() + "/" + workload.name(), workload);
      }
      for (End.InPod end : policies.plan().classes().endpoints()) {
        end.pod()
            .map(Pod::name)
            .ifPresent(name -> pods.computeIfAbsent(
                    end.workload().namespace() + "/" + name, n -> new ArrayList<>(1))
                .add(end));
        if (!end.workload().hostNetwork()) {
          end.address().ifPresent(address -> byAddress.putIfAbsent(address, end));
        }
      }
    }

    Replay judge(List<Recorded> log) {
      Map<Key, Seen> seen = new LinkedHashMap<>();
      for (Recorded entry : log) {
        Optional<Family> family =
            entry.source().address().or(entry.destination()::address).map(Address::family);
        Named source = named(entry.source(), family);
        Named destination = named(entry.destination(), family);
        seen.computeIfAbsent(
                new Key(source, destination, entry.protocol(), entry.port()),
                key -> new Seen(entry))
            .add(entry);
      }
      Map<Together, Row> together = new LinkedHashMap<>();
      seen.forEach((key, entries) -> {
        Row row = row(key, entries);
        together.merge(
            new Together(row.source, row.destination, row.protocol, row.port, row.fate),
            row,
            (one, more) -> one.plus(more.times));
      });
      List<Row> rows = new ArrayList<>(together.values());
      rows.sort(
          Comparator.comparing(Row::fate).thenComparing(Row::times, Comparator.reverseOrder()));
      return new Replay(rows);
    }

    private Row row(Key key, Seen seen) {
      Deadline.current().check();
      Optional<Judgement> judgement = Optional.empty();
      String unknown = "";
      Fate fate = Fate.UNDECIDED;
      if (key.source.end.isEmpty() || key.destination.end.isEmpty()) {
        unknown = (key.source.end.isEmpty() ? key.source : key.destination).name
            + " is not in the manifests";
      } else {
        Flow flow =
            new Flow(key.source.end.get(), key.destination.end.get(), key.protocol, key.port);
        judgement = Optional.of(reference.judge(flow));
        FlowVerdict verdict = judgement.get().verdict();
        if (verdict != policies.verdict(flow)) {
          throw new IllegalStateException("the set engine says " + policies.verdict(flow)
              + ", the definition says " + verdict + " of " + flow);
        }
        if (verdict == FlowVerdict.UNKNOWN) {
          unknown = Uncertainty.of(judgement.get(), policies.plan().cluster())
              .orElse("the manifests do not say enough");
        } else if (verdict == FlowVerdict.DENIED
            && seen.got()
            && policies.mayBeExempt(flow.source(), flow.destination())) {
          unknown = Unplaced.reason(flow);
        } else if ((verdict == FlowVerdict.ALLOWED) == seen.got()) {
          fate = Fate.SAME;
        } else {
          fate = seen.got() ? Fate.BREAKS : Fate.OPENS;
        }
      }
      return new Row(
          key.source.name,
          key.destination.name,
          key.protocol,
          key.port,
          seen.times,
          seen.first,
          fate,
          judgement,
          unknown);
    }

    private Named named(Party party, Optional<Family> family) {
      if (party.isPod()) {
        Optional<End.InPod> end =
            pods.getOrDefault(party.namespace() + "/" + party.pod(), List.of()).stream()
                .filter(known -> known.address().isEmpty()
                    || known.address().map(Address::family).equals(family))
                .findFirst()
                .or(() -> party.workloads().stream()
                    .map(name -> party.namespace() + "/" + name)
                    .filter(workloads::containsKey)
                    .map(id -> any(workloads.get(id), family))
                    .findFirst());
        return end.map(known -> new Named(known.workload().id(), Optional.<End>of(known)))
            .orElseGet(() -> new Named(party.toString(), Optional.empty()));
      }
      Address address = party.address().orElseThrow();
      End.InPod pod = byAddress.get(address);
      return pod == null
          ? new Named(address.toString(), Optional.of(new End.Outside(address)))
          : new Named(pod.workload().id(), Optional.of(pod));
    }

    /** A pod of the same template as one that is gone. */
    private static End.InPod any(Workload workload, Optional<Family> family) {
      for (Pod pod : workload.pods()) {
        for (Address address : pod.addresses()) {
          if (family.isEmpty() || family.get() == address.family()) {
            return new End.InPod(workload, Optional.of(pod), Optional.of(address));
          }
        }
      }
      return End.InPod.template(workload);
    }
  }
}

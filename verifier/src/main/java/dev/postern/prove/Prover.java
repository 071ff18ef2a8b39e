package dev.postern.prove;

import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.deadline.Deadline;
import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.enforced.Passage;
import dev.postern.enforced.RuleAction;
import dev.postern.meaning.Undetermined;
import dev.postern.net.Address;
import dev.postern.net.Family;
import dev.postern.plan.Plan;
import dev.postern.prove.Proof.Verdict;
import dev.postern.prove.Proof.Way;
import dev.postern.reach.NotRead;
import dev.postern.solver.Limits;
import dev.postern.solver.Z3;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Proves that rules enforce policies: that every packet of every family, protocol, port and connection state between any two addresses
 * passes iff the egress of its source, where that is a pod in scope, and the ingress of its destination, where that is one, allow it; and
 * that packets of no pod in scope, replies and IPv6 neighbour discovery pass.
 *
 * <pre>{@code
 * Proof proof = Prover.prove(Plan.of(cluster), Scope.CLUSTER, rules, Contract.STRICT);
 * }</pre>
 */
public final class Prover {

  /** Up to so many workloads Z3 is asked as well where nobody chose. */
  private static final int SMALL = 100;

  /** Of several claims, whose verdict is that of all. */
  private static final List<Verdict> GRAVEST =
      List.of(Verdict.DIFFERS, Verdict.UNKNOWN, Verdict.QUEUED, Verdict.PROVED);

  private Prover() {}

  /** The ways to prove by where nobody chose: both, and sets alone for a large cluster. */
  public static Set<Way> ways(Cluster cluster) {
    return cluster.workloads().size() <= SMALL ? EnumSet.allOf(Way.class) : EnumSet.of(Way.SETS);
  }

  /** Proves by sets. */
  public static Proof prove(Plan plan, Scope scope, EnforcedRules rules, Contract contract) {
    return prove(plan, scope, rules, contract, EnumSet.of(Way.SETS));
  }

  /** Proves in some ways; they must come to the same verdict. */
  public static Proof prove(
      Plan plan, Scope scope, EnforcedRules rules, Contract contract, Set<Way> ways) {
    return prove(new Claim(plan, scope, rules, contract), ways, Limits.DEFAULT);
  }

  /**
   * Proves a claim.
   *
   * @param ways one or both
   * <p>Where the {@link Deadline} passes that this is called under, the verdict is unknown, unless a way has come to an end by then; a note
   * says so.
   *
   * @param limits for each question to Z3; what takes more was not proved by Z3, and a note says so
   * @throws IllegalStateException if the ways, or a witness and a definition, disagree: a defect of Postern
   */
  public static Proof prove(Claim claim, Set<Way> ways, Limits limits) {
    List<String> notes = new ArrayList<>();
    try {
      return prove(claim, ways, limits, notes);
    } catch (Deadline.Passed late) {
      notes.add(String.valueOf(late.getMessage()));
      return new Proof(
          Verdict.UNKNOWN, Optional.empty(), List.of(), Set.of(), claim.contract(), notes);
    }
  }

  /**
   * Proves several claims about one plan, each on its way; the gravest outcome is that of all.
   *
   * @param claims at least one; the contract of the first is that of the proof
   * @throws IllegalStateException as {@link #prove(Claim, Set, Limits)} does
   */
  public static Proof prove(List<Claim> claims, Set<Way> ways, Limits limits) {
    List<Proof> proofs =
        claims.stream().map(claim -> prove(claim, ways, limits)).toList();
    Proof gravest = proofs.stream()
        .min(Comparator.comparing(proof -> GRAVEST.indexOf(proof.verdict())))
        .orElseThrow();
    List<Deviation> causes = new ArrayList<>(gravest.causes());
    Set<Way> common = EnumSet.allOf(Way.class);
    Set<String> notes = new LinkedHashSet<>();
    for (Proof proof : proofs) {
      common.retainAll(proof.ways());
      notes.addAll(proof.notes());
      for (Deviation cause : proof.causes()) {
        if (causes.stream().noneMatch(cause::isLike)) {
          causes.add(cause);
        }
      }
    }
    causes.sort(Deviation.GRAVEST);
    return new Proof(
        gravest.verdict(),
        causes.isEmpty() ? gravest.difference() : Optional.of(causes.get(0).witness()),
        causes,
        common,
        claims.get(0).contract(),
        List.copyOf(notes));
  }

  private static Proof prove(Claim claim, Set<Way> ways, Limits limits, List<String> notes) {
    notes.addAll(notes(claim));
    MentionedSets mentioned = new MentionedSets(claim);
    Set<Way> ran = EnumSet.copyOf(ways);
    Z3.absence().filter(absence -> ran.remove(Way.Z3)).ifPresent(notes::add);
    Optional<PacketDifference> perhaps = Optional.empty();
    Optional<PacketDifference> queued = Optional.empty();
    List<RuleAction.Queue> queues = claim.rules().queues();
    Cluster cluster = claim.plan().cluster();
    notes.addAll(NotRead.notes(cluster));
    NotRead.errors(cluster).ifPresent(notes::add);
    List<String> unlabelled = Undetermined.namespaces(cluster);
    if (!unlabelled.isEmpty()) {
      notes.add("it rests on this: no manifest declares " + NotRead.namespaces(unlabelled)
          + ", so their names are all the labels that they are taken to have");
    }
    boolean undecided = cluster.unread().stream().anyMatch(UnreadPolicy::matters);
    for (Family family : Family.values()) {
      if (!claim.contract().families().contains(family)) {
        notes.add("nothing is said of " + family.word());
        continue;
      }
      AddressClasses classes = classes(claim, family, mentioned);
      for (Address address : classes.ambiguous) {
        undecided = true;
        notes.add("whose packets are those of " + address
            + " can't be told: more than one pod has the address");
      }
      Optional<PacketDifference> difference = ways.contains(Way.SETS)
          ? new SetProof(claim, classes, mentioned).run()
          : Optional.empty();
      if (ran.contains(Way.Z3)) {
        Z3Proof.Result result =
            new Z3Proof(claim, family, mentioned, classes.ambiguous, limits).run();
        notes.addAll(result.undecided());
        if (!result.undecided().isEmpty()) {
          ran.remove(Way.Z3);
        } else if (ways.contains(Way.SETS)) {
          agree(family, difference, result);
        }
        difference = difference.or(result::difference);
      }
      if (difference.filter(Prover::isCertain).isPresent()) {
        List<Deviation> causes =
            ways.contains(Way.SETS) ? causes(claim, family, difference.get(), notes) : List.of();
        Optional<PacketDifference> gravest =
            causes.isEmpty() ? difference : Optional.of(causes.get(0).witness());
        return new Proof(Verdict.DIFFERS, gravest, causes, ran, claim.contract(), notes);
      }
      Optional<PacketDifference> found = difference;
      perhaps = perhaps.or(() -> found);
      if (!queues.isEmpty() && queued.isEmpty()) {
        queued = new SetProof(claim, classes, mentioned, List.of(), UserSpace.WRONG).run();
      }
    }
    boolean right = perhaps.isEmpty() && !undecided && !ran.isEmpty() && !claim.isVacuous();
    if (right && queued.isPresent()) {
      queues.forEach(queue -> notes.add(unattended(queue)));
      return new Proof(Verdict.QUEUED, queued, List.of(), ran, claim.contract(), notes);
    }
    Verdict verdict = right ? Verdict.PROVED : Verdict.UNKNOWN;
    return new Proof(verdict, perhaps, List.of(), ran, claim.contract(), notes);
  }

  private static String unattended(RuleAction.Queue queue) {
    return "while no program listens to queue " + queue.first()
        + (queue.last() > queue.first() ? " to " + queue.last() : "")
        + (queue.bypass() ? ", its packets pass (bypass)" : ", its packets are dropped");
  }

  private static List<Deviation> causes(
      Claim claim, Family family, PacketDifference difference, List<String> notes) {
    try {
      return new DeviationSearch(claim).of(family, difference);
    } catch (Deadline.Passed late) {
      notes.add("which other kinds of difference there are is unknown: " + late.getMessage());
      return List.of();
    }
  }

  /**
   * The questions that Z3 is asked, as SMT-LIB 2 text by name, for another solver to check: a claim holds if all are unsatisfiable.
   *
   * @throws Z3.Missing if Z3, which writes the text, is not there
   */
  public static Map<String, String> smtLib(Claim claim) throws Z3.Missing {
    MentionedSets mentioned = new MentionedSets(claim);
    Map<String, String> texts = new LinkedHashMap<>();
    for (Family family : Family.values()) {
      if (claim.contract().families().contains(family)) {
        texts.putAll(new Z3Proof(
                claim,
                family,
                mentioned,
                classes(claim, family, mentioned).ambiguous,
                Limits.DEFAULT)
            .export());
      }
    }
    return texts;
  }

  private static AddressClasses classes(Claim claim, Family family, MentionedSets mentioned) {
    return new AddressClasses(
        claim.plan(), claim.scope(), family, mentioned.addresses, mentioned.listed);
  }

  private static boolean isCertain(PacketDifference difference) {
    return difference.passage().fate() != Passage.Fate.UNKNOWN;
  }

  /** Z3 is content with any wrong packet, also with one whose fate depends on what was not understood. */
  private static void agree(Family family, Optional<PacketDifference> sets, Z3Proof.Result z3) {
    boolean same = sets.isPresent()
        ? z3.difference().isPresent()
            && (isCertain(sets.get()) || !isCertain(z3.difference().get()))
        : z3.difference().isEmpty();
    if (!same) {
      throw new IllegalStateException(
          "sets and Z3 disagree on " + family + ": sets " + sets + ", Z3 " + z3.difference());
    }
  }

  private static List<String> notes(Claim claim) {
    long templates = claim.plan().cluster().workloads().stream()
        .filter(workload -> workload.pods().isEmpty())
        .count();
    long pods = claim.plan().cluster().workloads().stream()
        .flatMap(workload -> workload.pods().stream())
        .filter(pod -> pod.addresses().isEmpty())
        .map(Pod::name)
        .count();
    List<String> notes = new ArrayList<>();
    if (claim.isVacuous()) {
      notes.add(
          "no pod has an address: there is nothing to hold the rules against (hint: read a live cluster, or `kubectl get pods -A -o yaml`)");
    }
    if (templates > 0) {
      notes.add(templates + " workloads have no pods; rules about them are not judged");
    }
    if (pods > 0) {
      notes.add(pods + " pods have no address; rules about them are not judged");
    }
    return notes;
  }
}

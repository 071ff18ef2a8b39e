package dev.postern.why;

import dev.postern.cluster.Cluster;
import dev.postern.meaning.Flow;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.meaning.Options;
import dev.postern.meaning.Reference;
import dev.postern.net.Cidr;
import dev.postern.policy.Direction;
import dev.postern.policy.PolicyKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks for sets of edits that turn a verdict and of which none could be left out, the smallest first. Each is made and judged by the
 * definition, and so is each that lacks one of its edits.
 */
final class EditSearch {

  /** As many sets are looked for. */
  private static final int ENOUGH = 12;

  /** No set is larger. */
  private static final int LARGEST = 4;

  /** So many clusters are judged at most. */
  private static final int PATIENCE = 300;

  private final Judgement judgement;
  private final Options options;
  private final Cluster whole;
  /** With only the policies that select one of the ends: no other has a word in it. */
  private final Cluster cluster;

  /** The flow that was asked about, and the same between the pods' other addresses: an edit that turns one family alone is no advice. */
  private final Map<Flow, CandidateEdits> ideas = new LinkedHashMap<>();

  private final FlowVerdict wanted;
  private final List<Change> found = new ArrayList<>();
  private final Set<Edits> seen = new HashSet<>();
  private int judged;
  private boolean more;

  /**
   * Changes to a judged flow.
   *
   * @param block what the flow's end outside stands for, if it stands for more than its address
   */
  EditSearch(RuleWords words, Judgement judgement, Optional<Cidr> block) {
    this.judgement = judgement;
    this.options = words.options();
    this.whole = words.cluster();
    this.cluster = whole.withPolicies(whole.policies().stream()
        // Nobody can edit what was not understood; what then is still open shows when all is
        // judged.
        .filter(policy -> policy.kind() != PolicyKind.UNDETERMINED)
        .filter(policy ->
            words.selects(policy, Direction.EGRESS) || words.selects(policy, Direction.INGRESS))
        .toList());
    for (Flow flow : Families.of(judgement.flow())) {
      Judgement judged =
          flow.equals(judgement.flow()) ? judgement : new Reference(whole, options).judge(flow);
      ideas.put(flow, new CandidateEdits(new RuleWords(cluster, options, flow), judged, block));
    }
    this.wanted =
        judgement.verdict() == FlowVerdict.DENIED ? FlowVerdict.ALLOWED : FlowVerdict.DENIED;
  }

  /** The sets, the smallest first; none if nothing decides, or the manifests do not say enough to know. */
  List<Change> smallest() {
    if (judgement.exemption() != Judgement.Exemption.NONE
        || judgement.verdict() == FlowVerdict.UNKNOWN) {
      return List.of();
    }
    List<Edits> open = List.of(Edits.NONE);
    for (int size = 0; size < LARGEST && !open.isEmpty(); size++) {
      List<Edits> next = new ArrayList<>();
      for (Edits edits : open) {
        for (Edit edit : further(edits)) {
          more |= found.size() == ENOUGH || judged >= PATIENCE;
          if (more) {
            return found;
          }
          Edits larger = edits.and(edit);
          if (larger.all().size() > size
              && seen.add(larger)
              && larger.isAccepted()
              && !isEnough(larger)) {
            next.add(larger);
          }
        }
      }
      open = next;
    }
    more = !open.isEmpty();
    return found;
  }

  /** Whether there may be other sets than those found. */
  boolean hasMore() {
    return more;
  }

  /** Whether the edits turn the verdict; takes them if none of them could be left out. */
  private boolean isEnough(Edits edits) {
    Cluster edited = edits.on(cluster);
    if (!isTurned(edited)) {
      return false;
    }
    if (edits.all().stream().noneMatch(edit -> isTurned(edits.without(edit).on(cluster)))) {
      Cluster after = edits.on(whole);
      if (isTurned(after)) {
        found.add(new Change(edits.steps(), wanted, whole, after, options));
      }
    }
    return true;
  }

  private boolean isTurned(Cluster edited) {
    return unturned(edited).isEmpty();
  }

  /** What is decided about the flows whose verdict is not yet the wanted one. */
  private List<Judgement> unturned(Cluster edited) {
    judged++;
    Reference reference = new Reference(edited, options);
    return ideas.keySet().stream()
        .map(reference::judge)
        .filter(now -> now.verdict() != wanted)
        .toList();
  }

  /** Edits that might bring the verdict closer after others. Each of the flows has ideas of its own: its address may meet other rules. */
  private Set<Edit> further(Edits made) {
    Cluster edited = made.on(cluster);
    Set<Edit> further = new LinkedHashSet<>();
    for (Judgement now : unturned(edited)) {
      further.addAll(further(made, now, new RuleWords(edited, options, now.flow())));
    }
    return further;
  }

  /** A denial is mended side by side; for a denial either side will do. */
  private List<Edit> further(Edits made, Judgement now, RuleWords words) {
    CandidateEdits own = Objects.requireNonNull(ideas.get(now.flow()));
    if (wanted == FlowVerdict.ALLOWED) {
      return Stream.of(now.egress(), now.ingress())
          .map(decision -> Explanation.side(decision, words))
          .filter(Side::denies)
          .findFirst()
          .map(side -> own.allowing(side, made))
          .orElse(List.of());
    }
    return Stream.of(now.ingress(), now.egress())
        .flatMap(decision -> own.denying(decision, made).stream())
        .toList();
  }
}

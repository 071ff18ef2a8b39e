package dev.postern.suggestion;

import dev.postern.cluster.Cluster;
import dev.postern.cluster.Workload;
import dev.postern.deadline.Deadline;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.TextEdit;
import dev.postern.lint.Fixes;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.manifest.Written;
import dev.postern.policy.Direction;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.PolicyRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Suggested policies written into those that are there already and select the same pods. Every character that need not change stays. What a
 * reader does not understand as the old policy with the new rules, or what would change anything else of its file (by an alias of YAML), is
 * not written: its policy stays beside.
 *
 * @param merged what was written into existing policies
 * @param beside the suggested policies that have to stand by themselves
 * @param texts the new text of each file that changes, by the file's name
 */
public record PolicyMerge(
    List<Merged> merged, List<SuggestedPolicy> beside, SortedMap<String, String> texts) {

  /**
   * A suggested policy that was written into an existing one.
   *
   * @param suggested the suggested policy
   * @param before the existing policy
   * @param after the existing policy with the rules of the suggested one
   */
  public record Merged(SuggestedPolicy suggested, Policy before, Policy after) {}

  public PolicyMerge {
    merged = List.copyOf(merged);
    beside = List.copyOf(beside);
    texts = Collections.unmodifiableSortedMap(texts);
  }

  /**
   * Merges what can be merged.
   *
   * @param loaded what was read, with {@link ReadOptions#keepWritten}
   * @param text the text of a file by its name; empty for what is no file that can be written
   */
  public static PolicyMerge of(
      Suggestion suggestion, Loaded loaded, Function<String, Optional<String>> text) {
    return new Merging(loaded, text).of(suggestion);
  }

  /**
   * The cluster as it becomes.
   *
   * @param read the policies that stand by themselves, as they were read back
   */
  public Cluster in(Cluster cluster, List<Policy> read) {
    Map<Policy, Policy> changed = new IdentityHashMap<>();
    merged.forEach(each -> changed.put(each.before(), each.after()));
    List<Policy> all = new ArrayList<>();
    cluster.policies().forEach(policy -> all.add(changed.getOrDefault(policy, policy)));
    Set<String> alone = new HashSet<>();
    beside.forEach(each -> alone.add(each.policy().id()));
    read.stream().filter(policy -> alone.contains(policy.id())).forEach(all::add);
    return cluster.withPolicies(all);
  }

  private static final class Merging {
    private final Loaded loaded;
    private final Function<String, Optional<String>> text;
    private final Map<String, List<TextEdit>> edits = new TreeMap<>();
    private final Map<String, Optional<String>> known = new HashMap<>();

    Merging(Loaded loaded, Function<String, Optional<String>> text) {
      this.loaded = loaded;
      this.text = text;
    }

    PolicyMerge of(Suggestion suggestion) {
      List<Merged> merged = new ArrayList<>();
      List<SuggestedPolicy> beside = new ArrayList<>();
      Set<Policy> taken = Collections.newSetFromMap(new IdentityHashMap<>());
      for (SuggestedPolicy each : suggestion.policies()) {
        Deadline.current().check();
        Optional<Merged> into = candidates(each).stream()
            .filter(policy -> !taken.contains(policy))
            .flatMap(policy -> into(each, policy).stream())
            .findFirst();
        into.ifPresentOrElse(merged::add, () -> beside.add(each));
        into.ifPresent(some -> taken.add(some.before()));
      }
      SortedMap<String, String> texts = new TreeMap<>();
      edits.forEach((file, all) -> {
        String before = original(file).orElseThrow();
        String changed = Fixes.apply(before, all);
        List<Merged> own = merged.stream()
            .filter(each -> each.before().origin().file().equals(file))
            .toList();
        if (read(file, before, changed, own.stream().map(Merged::before).toList())
            .filter(after -> isAll(after, own))
            .isPresent()) {
          texts.put(file, changed);
        } else {
          merged.removeAll(own);
          own.forEach(each -> beside.add(each.suggested()));
        }
      });
      return new PolicyMerge(merged, beside, texts);
    }

    private static boolean isAll(List<Policy> after, List<Merged> merged) {
      for (int i = 0; i < merged.size(); i++) {
        Merged each = merged.get(i);
        if (!isBoth(after.get(i), each.before(), each.suggested().policy())) {
          return false;
        }
      }
      return true;
    }

    private Optional<String> original(String file) {
      return known.computeIfAbsent(file, text);
    }

    /** The existing policies of the same pods, those with the same selector first. */
    private List<Policy> candidates(SuggestedPolicy suggested) {
      if (suggested.policy().kind() != PolicyKind.NETWORK_POLICY) {
        return List.of();
      }
      Set<Workload> selected = Collections.newSetFromMap(new IdentityHashMap<>());
      selected.addAll(suggested.subject().selected());
      List<Workload> all = loaded.cluster().workloads().stream()
          .filter(each -> each.namespace().equals(suggested.policy().namespace()))
          .toList();
      return loaded.cluster().policies().stream()
          .filter(policy -> policy.kind() == PolicyKind.NETWORK_POLICY
              && policy.namespace().equals(suggested.policy().namespace())
              && isForAll(policy) == isForAll(suggested.policy())
              && all.stream()
                  .allMatch(workload -> policy.subject().pods().matches(workload.labels())
                      == (selected.contains(workload)
                          || (workload.hostNetwork()
                              && suggested.policy().subject().pods().matches(workload.labels())))))
          .sorted(Comparator.comparing(
                  (Policy policy) -> !policy.subject().equals(suggested.policy().subject()))
              .thenComparing(Policy::name))
          .toList();
    }

    /** What is for a whole namespace is for pods to come, too, and what labels select is not. */
    private static boolean isForAll(Policy policy) {
      return policy.subject().pods().isEverything();
    }

    private Optional<Merged> into(SuggestedPolicy suggested, Policy existing) {
      String file = existing.origin().file();
      Optional<Written> written = loaded.written().stream()
          .filter(each -> each.origin().equals(existing.origin()))
          .findFirst();
      Optional<String> before = original(file);
      if (written.isEmpty() || before.isEmpty() || written.get().field("spec").isEmpty()) {
        return Optional.empty();
      }
      Optional<List<TextEdit>> own = new PolicyEdits(
              new BlockText(before.get()), written.get().field("spec").get(), file)
          .of(suggested, existing);
      return own.flatMap(list -> {
        String changed = Fixes.apply(before.get(), list);
        Optional<Policy> after =
            read(file, before.get(), changed, List.of(existing)).map(read -> read.get(0));
        if (after.isEmpty() || !isBoth(after.get(), existing, suggested.policy())) {
          return Optional.empty();
        }
        edits.computeIfAbsent(file, f -> new ArrayList<>()).addAll(list);
        return Optional.of(new Merged(suggested, existing, after.get()));
      });
    }

    /**
     * Policies in the changed text; empty if one is not there, if the text has errors that it had not, or if it says something else of
     * anything but these policies.
     */
    private static Optional<List<Policy>> read(
        String file, String before, String changed, List<Policy> existing) {
      ReadOptions options =
          ReadOptions.DEFAULT.withNamespace(existing.get(0).namespace()).withKeepWritten(true);
      Loaded was = Manifests.read(List.of(Source.text(file, before)), options);
      Loaded is = Manifests.read(List.of(Source.text(file, changed)), options);
      if (errors(is) > errors(was) || !isElseTheSame(was.written(), is.written(), existing)) {
        return Optional.empty();
      }
      List<Policy> after = existing.stream()
          .flatMap(old -> is.cluster().policies().stream()
              .filter(policy -> policy.kind() == old.kind() && policy.id().equals(old.id()))
              .limit(1))
          .toList();
      return after.size() == existing.size() ? Optional.of(after) : Optional.empty();
    }

    private static boolean isElseTheSame(
        List<Written> was, List<Written> is, List<Policy> changed) {
      boolean same = was.size() == is.size();
      for (int i = 0; same && i < was.size(); i++) {
        Written before = was.get(i);
        same = changed.stream().anyMatch(policy -> policy.origin().equals(before.origin()))
            || before.saysTheSameAs(is.get(i));
      }
      return same;
    }

    private static long errors(Loaded loaded) {
      return loaded.diagnostics().stream().filter(Diagnostic::isError).count();
    }

    /** Whether a policy says what two say, the rules of the first before those of the second. */
    private static boolean isBoth(Policy both, Policy first, Policy second) {
      Set<Direction> isolates = EnumSet.noneOf(Direction.class);
      isolates.addAll(first.isolates());
      isolates.addAll(second.isolates());
      boolean same = both.subject().equals(first.subject()) && both.isolates().equals(isolates);
      for (Direction direction : Direction.values()) {
        List<PolicyRule> rules = new ArrayList<>(first.rules(direction));
        rules.addAll(second.rules(direction));
        same &= said(both.rules(direction)).equals(said(rules));
      }
      return same;
    }

    private static List<Object> said(List<PolicyRule> rules) {
      return rules.stream()
          .<Object>map(
              rule -> List.of(rule.peers().withoutOrigins(), rule.ports().withoutOrigins()))
          .toList();
    }
  }
}

package dev.postern.backend;

import dev.postern.enforced.Contract;
import dev.postern.enforced.EnforcedRules;
import dev.postern.policy.Policy;
import java.util.List;
import java.util.Map;

/**
 * What a {@link Reader} made of its dumps.
 *
 * @param rules the rules; what was not understood is in them as unknown
 * @param contract what the target promises
 * @param problems what is wrong with the dumps themselves, as {@code file:line:column: error: what}; with any, nothing is proved
 * @param warnings what is odd but does not keep from proving, such as a rule that the dataplane itself ignores
 * @param notes what the dumps do not show, and so what a proof about them leaves open
 * @param notRead names of what filters packets beside these rules and that no dump shows; a proof is none about the whole
 * @param paths other ways than being forwarded, of which the rules are read as well
 * @param isolation what the dataplane enforces of its own accord before all policies, as that pods on a network of their own are kept off this
 *     one; with any, the primary networks of the manifests are accounted for by it
 */
public record Reading(
    EnforcedRules rules,
    Contract contract,
    List<String> problems,
    List<String> warnings,
    List<Note> notes,
    List<String> notRead,
    List<PacketPath> paths,
    List<Policy> isolation) {

  public Reading {
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
    notes = List.copyOf(notes);
    notRead = List.copyOf(notRead);
    paths = List.copyOf(paths);
    isolation = List.copyOf(isolation);
  }

  public Reading(
      EnforcedRules rules, Contract contract, List<String> problems, List<String> warnings) {
    this(rules, contract, problems, warnings, List.of(), List.of(), List.of(), List.of());
  }

  /** Rules of packets that take no other way. */
  public Reading(
      EnforcedRules rules,
      Contract contract,
      List<String> problems,
      List<String> warnings,
      List<Note> notes,
      List<String> notRead) {
    this(rules, contract, problems, warnings, notes, notRead, List.of(), List.of());
  }

  /** The same with these notes. */
  public Reading withNotes(List<Note> said) {
    return new Reading(rules, contract, problems, warnings, said, notRead, paths, isolation);
  }

  /** The same beside filters of these names, which no dump shows. */
  public Reading beside(List<String> others) {
    return new Reading(rules, contract, problems, warnings, notes, others, paths, isolation);
  }

  /** The same with other ways that packets take. */
  public Reading with(List<PacketPath> others) {
    return new Reading(rules, contract, problems, warnings, notes, notRead, others, isolation);
  }

  /** The same where the dataplane enforces this before all policies. */
  public Reading isolating(List<Policy> policies) {
    return new Reading(rules, contract, problems, warnings, notes, notRead, paths, policies);
  }

  public static Reading of(EnforcedRules rules, Contract contract) {
    return new Reading(rules, contract, List.of(), List.of());
  }

  /** Dumps that could not be read. */
  public static Reading unreadable(List<String> problems) {
    return new Reading(
        new EnforcedRules(List.of(), Map.of()), Contract.STRICT, problems, List.of());
  }
}

package dev.postern.cli.update;

import dev.postern.backend.PacketPath;
import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cli.console.UserError;
import dev.postern.cli.proof.Dumps;
import dev.postern.cli.proof.ProofResult;
import dev.postern.cli.proof.Wiring;
import dev.postern.deadline.Deadline;
import dev.postern.enforced.EnforcedRules;
import dev.postern.manifest.Loaded;
import dev.postern.netfilter.reader.UnreadableDump;
import dev.postern.netfilter.update.Update;
import dev.postern.netfilter.update.UpdateState;
import dev.postern.prove.Claim;
import dev.postern.prove.StatesBetween;
import dev.postern.prove.StatesBetween.Strayed;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Proves an update against the state that it meets. */
public final class UpdateProof {

  private final Dumps dumps;
  private final Scope scope;
  private final Wiring wiring;

  /**
   * A proof about the state of some dumps.
   *
   * @throws UserError if they are of a target whose updates are not read
   */
  public UpdateProof(Dumps dumps, Scope scope, Wiring wiring) {
    if (!Dumps.isOfNetfilter(dumps.reader())) {
      throw new UserError(
          "postern prove: error: --delta reads updates of iptables and nftables; those of "
              + dumps.reader().target()
              + " are not read (hint: prove what is in force before and after one)");
    }
    this.dumps = dumps;
    this.scope = scope;
    this.wiring = wiring;
  }

  /**
   * Proves an update.
   *
   * @param files those of each path that was given
   * @param old the manifests of before
   * @param now those of after
   * @param proven holds what was read against manifests
   * @throws UserError if a dump or the update cannot be read
   */
  public UpdateResult of(
      List<List<Dump>> files,
      Loaded old,
      Loaded now,
      BiFunction<Loaded, Reading, ProofResult> proven) {
    List<UpdateState> states;
    try {
      states = Update.inOrder(files.stream().map(Update::of).toList())
          .states(dumps.texts().get());
    } catch (UnreadableDump problem) {
      throw new UserError(String.valueOf(problem.getMessage()));
    }
    Reading before = readable(dumps.read(old.cluster(), scope, wiring.bindings()));
    List<Reading> onTheWay = states.stream()
        .map(state -> readable(dumps.reader().read(state.dumps(), now.cluster(), scope)))
        .toList();
    Reading after = onTheWay.isEmpty() ? before : onTheWay.get(onTheWay.size() - 1);
    ProofResult first = proven.apply(old, before);
    ProofResult last = proven.apply(now, after);
    Optional<Strayed> strayed = Optional.empty();
    Optional<String> late = Optional.empty();
    try {
      for (Claim claim : last.claims()) {
        if (strayed.isEmpty()) {
          strayed = new StatesBetween(
                  claim.plan(),
                  scope,
                  claim.contract(),
                  rules(before, claim.path()),
                  rules(after, claim.path()))
              .first(
                  onTheWay.stream().map(reading -> rules(reading, claim.path())).toList());
        }
      }
    } catch (Deadline.Passed passed) {
      late = Optional.of(String.valueOf(passed.getMessage()));
    }
    return new UpdateResult(first, last, states, strayed, late);
  }

  /** The rules on a way, which every state has: what takes packets there is no rule of an update. */
  private static EnforcedRules rules(Reading reading, Optional<PacketPath.Kind> way) {
    return reading.paths().stream()
        .filter(path -> way.equals(Optional.of(path.kind())))
        .map(PacketPath::rules)
        .findFirst()
        .orElse(reading.rules());
  }

  private static Reading readable(Reading reading) {
    if (!reading.problems().isEmpty()) {
      throw new UserError(reading.problems());
    }
    return reading;
  }
}

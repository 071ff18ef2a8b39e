package dev.postern.cli.proof;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.enforced.Contract;
import dev.postern.meaning.Judgement.Exemption;
import dev.postern.prove.Claim;
import dev.postern.prove.Proof;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A claim and what came of it.
 *
 * @param target what enforces the rules
 * @param promised what the target itself promises and leaves open
 * @param open what was left open besides
 * @param claims what was to be proved: of what is forwarded, then of other ways that packets take
 * @param proof its proof
 * @param unread what the dumps do not show
 * @param beside names of what filters packets besides and was not read
 */
public record ProofResult(
    String target,
    Contract promised,
    LeftOpen open,
    List<Claim> claims,
    Proof proof,
    List<String> unread,
    List<String> beside) {

  public ProofResult {
    claims = List.copyOf(claims);
    unread = List.copyOf(unread);
    beside = List.copyOf(beside);
  }

  /** What was to be proved of packets that are forwarded. */
  public Claim claim() {
    return claims.get(0);
  }

  /** Writes it as a JSON object. */
  public void write(JsonGenerator json) throws IOException {
    ProofJson.write(json, this);
  }

  /** What one has to know besides: what was not read, and what the proof says. */
  List<String> notes() {
    return Stream.concat(unread.stream(), proof.notes().stream()).toList();
  }

  /** How many pods that these rules are to police have an address. */
  long pods() {
    return claim().plan().cluster().workloads().stream()
        .flatMap(workload -> workload.pods().stream())
        .filter(pod -> claim().scope().contains(pod) && !pod.addresses().isEmpty())
        .count();
  }

  String word() {
    return proof.verdict().name().toLowerCase(Locale.ROOT);
  }

  String scope() {
    return claim().scope().node().map(node -> "node " + node).orElse("cluster");
  }

  List<String> ways() {
    return proof.ways().stream()
        .map(way -> way.name().toLowerCase(Locale.ROOT))
        .sorted()
        .toList();
  }

  /** What the target leaves open, in words. */
  List<String> leftOpen() {
    Stream<String> exemptions = promised.leftOpen().stream()
        .sorted()
        .filter(exemption ->
            exemption != Exemption.OWN_NODE || claim().plan().options().nodeTrafficPasses())
        .map(exemption -> switch (exemption) {
          case NONE -> "";
          case SAME_POD -> "a pod's traffic to itself";
          case OWN_NODE -> "traffic between a pod and the node it runs on";
        });
    Stream<String> waivers = promised.waivers().stream().map(waiver -> waiver.reason());
    Stream<String> established = switch (promised.established()) {
      case ALL_PASS -> Stream.of();
      case REPLIES_PASS ->
        Stream.of("further packets of the opening side, where policies deny new ones now");
    };
    return Stream.of(exemptions, established, waivers).flatMap(each -> each).toList();
  }
}

package dev.postern.examples;

import dev.postern.backend.Reader.Dump;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.iptables.reader.IptablesDumps;
import dev.postern.manifest.Manifests;
import dev.postern.prove.PacketDifference;
import dev.postern.prove.Proof;
import dev.postern.verify.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Holds what a node printed against the manifests: {@code ProveANode examples/node/cluster.yaml examples/node/iptables-save.txt
 * examples/node/ipset-save.txt}.
 */
public final class ProveANode {

  private ProveANode() {}

  public static void main(String... arguments) throws IOException {
    System.out.print(prove(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2])));
  }

  static String prove(Path manifests, Path rules, Path sets) throws IOException {
    Cluster cluster = Manifests.load(manifests).cluster();
    Reading enforced = new IptablesDumps()
        .read(
            Map.of("iptables-save", dump(rules), "ipset-save", dump(sets)), cluster, Scope.CLUSTER);
    Proof proof = Verifier.of(cluster).prove(enforced, Scope.CLUSTER);

    return proof.verdict() + proof.difference().map(ProveANode::words).orElse("") + "\n";
  }

  private static String words(PacketDifference difference) {
    return ": " + difference.packet() + (difference.shouldPass() ? " is dropped" : " passes")
        + ", but " + difference.why();
  }

  private static List<Dump> dump(Path file) throws IOException {
    return List.of(new Dump(file.toString(), Files.readString(file)));
  }
}

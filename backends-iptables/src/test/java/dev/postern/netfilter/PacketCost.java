package dev.postern.netfilter;

import dev.postern.backend.Artifact;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.iptables.Iptables;
import dev.postern.manifest.Loaded;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.net.Address;
import dev.postern.nftables.Nftables;
import dev.postern.plan.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What the first packet of a connection pays on its way through a node that polices n pods, each with rules of its own: without rules, with a
 * rule a pod one after the other as in kube-router's layout, and with ours. A program for people, as root; its arguments are numbers of pods.
 */
final class PacketCost {

  private static final int TIMES = 1_000;

  private PacketCost() {}

  public static void main(String... arguments) throws Exception {
    System.out.println(
        "ns a packet, least of 200 runs of " + TIMES + ", above the cost without rules");
    System.out.println(
        "| pods | without rules | linear, legacy | linear, nft | iptables, legacy | iptables, nft | nftables |");
    System.out.println("|---|---|---|---|---|---|---|");
    try (RouterLab lab = RouterLab.open()) {
      int[] sizes = arguments.length == 0
          ? new int[] {16, 128, 1024, 4096}
          : Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
      for (int pods : sizes) {
        row(lab, pods);
      }
    }
  }

  private static void row(RouterLab lab, int pods) throws Exception {
    Plan plan = Plan.of(cluster(pods));
    Packet packet = new Packet(address(pods - 1), address(0), 17, 999, 80, 1);
    long nothing = least(lab, packet);
    List<String> cells = new ArrayList<>();
    for (String tool : List.of("iptables-legacy", "iptables-nft")) {
      lab.inRouterWithInput(linear(pods), tool + "-restore");
      cells.add(Long.toString(least(lab, packet) - nothing));
      lab.inRouter(tool, "-F");
      lab.inRouter(tool, "-X");
    }
    Artifact iptables = Iptables.backend().compile(plan, Scope.CLUSTER);
    for (String tool : List.of("iptables-legacy", "iptables-nft")) {
      Map<String, String> environment =
          Map.of("IPTABLES", tool, "IP6TABLES", tool.replace("ip", "ip6"));
      lab.apply(iptables.files(), "apply.sh", environment);
      cells.add(Long.toString(least(lab, packet) - nothing));
      lab.apply(iptables.files(), "remove.sh", environment);
    }
    Artifact nftables = Nftables.backend().compile(plan, Scope.CLUSTER);
    lab.apply(nftables.files(), "apply.sh");
    cells.add(Long.toString(least(lab, packet) - nothing));
    lab.apply(nftables.files(), "remove.sh");
    System.out.println("| " + pods + " | " + nothing + " | " + String.join(" | ", cells) + " |");
  }

  private static long least(RouterLab lab, Packet packet) {
    lab.forget();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 200; i++) {
      least = Math.min(least, lab.cost(packet, TIMES));
    }
    return least;
  }

  /** A chain a pod, and two rules a pod in front of them. */
  private static String linear(int pods) {
    StringBuilder text = new StringBuilder("*filter\n:FORWARD ACCEPT [0:0]\n");
    for (int i = 0; i < pods; i++) {
      text.append(":POD-").append(i).append(" - [0:0]\n");
    }
    text.append("-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n");
    for (int i = 0; i < pods; i++) {
      text.append("-A FORWARD -d ")
          .append(address(i))
          .append(" -j POD-")
          .append(i)
          .append('\n');
      text.append("-A FORWARD -s ")
          .append(address(i))
          .append(" -j POD-")
          .append(i)
          .append('\n');
      text.append("-A POD-")
          .append(i)
          .append(" -p udp --dport 80 -j RETURN\n-A POD-")
          .append(i)
          .append(" -j DROP\n");
    }
    return text.append("COMMIT\n").toString();
  }

  private static Address address(int pod) {
    return Address.ipv4(0x0A01_0001L + pod);
  }

  /** Pods that each have a policy of both types; each allows UDP 80, and a port of its own, from and to everybody. */
  private static Cluster cluster(int pods) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pods; i++) {
      text.append(String.format("""
          apiVersion: v1
          kind: Pod
          metadata: {name: p%1$d, namespace: shop, labels: {pod: p%1$d}}
          spec: {containers: [{name: c, image: i}]}
          status: {podIP: %2$s}
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: {name: p%1$d, namespace: shop}
          spec:
            podSelector: {matchLabels: {pod: p%1$d}}
            policyTypes: [Ingress, Egress]
            ingress: [{ports: [{port: 80, protocol: UDP}, {port: %3$d}]}]
            egress: [{ports: [{port: 80, protocol: UDP}, {port: %3$d}]}]
          ---
          """, i, address(i), 1000 + i));
    }
    Loaded loaded =
        Manifests.read(List.of(Source.text("cluster.yaml", text.toString())), ReadOptions.DEFAULT);
    if (loaded.hasErrors()) {
      throw new IllegalStateException(loaded.diagnostics().toString());
    }
    return loaded.cluster();
  }
}

package dev.postern.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A node in the layout of kube-router: a chain a pod, to which rules about its address lead, in no order, and sets of each policy's pods. Ten
 * pods a namespace; half of them are reached by the other half on one port, and all reach their namespace and DNS.
 *
 * @param manifests nodes, pods and policies
 * @param rules what {@code iptables-save} prints
 * @param sets what {@code ipset save} prints
 */
record KubeRouterNode(String manifests, String rules, String sets) {

  private static final int TOGETHER = 10;
  private static final String MARK = " -j MARK --set-xmark 0x10000/0x10000\n";
  private static final String MARKED = " -m mark --mark 0x10000/0x10000 -j RETURN\n";

  static KubeRouterNode of(int pods) {
    StringBuilder manifests = new StringBuilder("""
        apiVersion: v1
        kind: Node
        metadata: {name: n1}
        status: {addresses: [{type: InternalIP, address: 192.168.0.1}]}
        """);
    StringBuilder sets = new StringBuilder();
    StringBuilder policies = new StringBuilder("""
        -A KUBE-NWPLCY-COMMON -m conntrack --ctstate INVALID -j DROP
        -A KUBE-NWPLCY-COMMON -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A KUBE-NWPLCY-COMMON -p icmp -m icmp --icmp-type 8 -j ACCEPT
        -A KUBE-NWPLCY-COMMON -p icmp -m icmp --icmp-type 3 -j ACCEPT
        -A KUBE-NWPLCY-COMMON -p icmp -m icmp --icmp-type 11 -j ACCEPT
        -A KUBE-NWPLCY-DEFAULT -j MARK --set-xmark 0x10000/0x10000
        -A KUBE-NWPLCY-TAIL -m mark --mark 0x20000/0x20000 -j ACCEPT
        """);
    StringBuilder firewalls = new StringBuilder();
    StringBuilder chains = new StringBuilder(
        ":KUBE-NWPLCY-COMMON - [0:0]\n:KUBE-NWPLCY-DEFAULT - [0:0]\n:KUBE-NWPLCY-TAIL - [0:0]\n:KUBE-ROUTER-FORWARD - [0:0]\n");
    List<String> jumps = new ArrayList<>();
    for (int pod = 0; pod < pods; pod++) {
      String namespace = "ns" + pod / TOGETHER;
      if (pod % TOGETHER == 0) {
        namespace(namespace, manifests, sets, policies, chains);
      }
      pod(pod, namespace, manifests, sets, firewalls, chains);
      String chain = " -j KUBE-POD-FW-" + pod + "\n";
      StringBuilder jump = new StringBuilder();
      for (String side : List.of("-d ", "-s ")) {
        String rule = "-A KUBE-ROUTER-FORWARD " + side + address(pod) + "/32";
        jump.append(rule).append(chain);
        jump.append(rule).append(" -m physdev --physdev-is-bridged").append(chain);
      }
      jumps.add(jump.toString());
    }
    Collections.shuffle(jumps, new Random(5));
    return new KubeRouterNode(
        manifests.toString(),
        "*filter\n:FORWARD ACCEPT [0:0]\n" + chains + "-A FORWARD -j KUBE-ROUTER-FORWARD\n"
            + policies + firewalls + String.join("", jumps)
            + "-A KUBE-ROUTER-FORWARD -j KUBE-NWPLCY-TAIL\n"
            + "-A KUBE-ROUTER-FORWARD -m mark --mark 0x20000/0x20000 -j ACCEPT\nCOMMIT\n",
        sets.toString());
  }

  private static String address(int pod) {
    return "10.0." + (1 + pod / 250) + "." + (1 + pod % 250);
  }

  private static void namespace(
      String name,
      StringBuilder manifests,
      StringBuilder sets,
      StringBuilder policies,
      StringBuilder chains) {
    manifests.append("""
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: in, namespace: %1$s}
        spec:
          podSelector: {matchLabels: {app: a}}
          ingress: [{from: [{podSelector: {matchLabels: {app: b}}}], ports: [{port: 80}]}]
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: out, namespace: %1$s}
        spec:
          podSelector: {}
          policyTypes: [Egress]
          egress: [{to: [{podSelector: {}}]}, {ports: [{port: 53, protocol: UDP}]}]
        """.formatted(name));
    for (String set : List.of("A", "B", "L")) {
      sets.append("create ").append(set).append(name).append(" hash:ip family inet timeout 0\n");
    }
    String in = "-A KUBE-NWPLCY-I" + name + " -p tcp -m set --match-set B" + name
        + " src -m set --match-set A" + name + " dst -m tcp --dport 80";
    String out = "-A KUBE-NWPLCY-E" + name + " -m set --match-set L" + name + " src";
    String local = out + " -m set --match-set L" + name + " dst";
    String dns = out + " -p udp -m udp --dport 53";
    for (String rule : List.of(in, local, dns)) {
      policies.append(rule).append(MARK).append(rule).append(MARKED);
    }
    chains.append(":KUBE-NWPLCY-I").append(name).append(" - [0:0]\n");
    chains.append(":KUBE-NWPLCY-E").append(name).append(" - [0:0]\n");
  }

  private static void pod(
      int pod,
      String namespace,
      StringBuilder manifests,
      StringBuilder sets,
      StringBuilder firewalls,
      StringBuilder chains) {
    boolean policed = pod % 2 == 1;
    manifests.append("""
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: p%d, namespace: %s, labels: {app: %s}}
        spec: {nodeName: n1, containers: [{name: c}]}
        status: {podIP: %s}
        """.formatted(pod, namespace, policed ? "a" : "b", address(pod)));
    for (String set : List.of(policed ? "A" : "B", "L")) {
      sets.append("add ").append(set).append(namespace).append(' ').append(address(pod));
      sets.append(" timeout 0\n");
    }
    chains.append(":KUBE-POD-FW-").append(pod).append(" - [0:0]\n");
    for (String rule : List.of(
        "-j KUBE-NWPLCY-COMMON",
        "-d " + address(pod) + "/32 -m addrtype --src-type LOCAL -j ACCEPT",
        "-d " + address(pod) + "/32 -j KUBE-NWPLCY-" + (policed ? "I" + namespace : "DEFAULT"),
        "-s " + address(pod) + "/32 -j KUBE-NWPLCY-E" + namespace,
        "-m mark ! --mark 0x10000/0x10000 -m limit --limit 10/min -j NFLOG --nflog-group 100",
        "-m mark ! --mark 0x10000/0x10000 -j REJECT --reject-with icmp-port-unreachable",
        "-j MARK --set-xmark 0x0/0x10000",
        "-j MARK --set-xmark 0x20000/0x20000")) {
      firewalls.append("-A KUBE-POD-FW-").append(pod).append(' ').append(rule).append('\n');
    }
  }
}

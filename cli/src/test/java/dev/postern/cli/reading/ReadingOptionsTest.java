package dev.postern.cli.reading;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Run;
import dev.postern.cli.console.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dataplane's profile sets how every command reads what the API leaves open; the command line wins; the answer says so. */
class ReadingOptionsTest {

  private static final String CLUSTER = """
      apiVersion: v1
      kind: Node
      metadata: {name: one}
      status: {addresses: [{type: InternalIP, address: 192.0.2.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {nodeName: one, containers: [{name: c, ports: [{containerPort: 80}]}]}
      status: {podIP: 10.0.0.7}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {nodeName: two, containers: [{name: c, ports: [{containerPort: 5432}]}]}
      status: {podIP: 10.0.0.8}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: two}
      status: {addresses: [{type: InternalIP, address: 192.0.2.2}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: db, namespace: shop}
      spec: {type: LoadBalancer, selector: {app: db}, ports: [{port: 5432, nodePort: 30000}]}
      status: {loadBalancer: {ingress: [{ip: 203.0.113.80}]}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress:
        - from: [{ipBlock: {cidr: 10.0.0.0/8}}, {ipBlock: {cidr: 198.51.100.0/24}}]
      """;

  @TempDir
  Path directory;

  private String file = "";

  @BeforeEach
  void write() throws IOException {
    Path path = directory.resolve("cluster.yaml");
    Files.writeString(path, CLUSTER);
    file = path.toString();
  }

  private Run can(String question, String... options) {
    String[] all = new String[options.length + 4];
    all[0] = "can";
    all[1] = question;
    all[2] = "-f";
    all[3] = file;
    System.arraycopy(options, 0, all, 4, options.length);
    return Run.of(all);
  }

  @Test
  void theProfileSetsTheReadingAndTheAnswerSaysSo() {
    assertThat(can("shop/web reach shop/db on 5432").status()).isZero();
    Run cilium = can("shop/web reach shop/db on 5432", "--dataplane", "cilium@1.17");
    assertThat(cilium.status()).isEqualTo(ExitStatus.NO);
    assertThat(cilium.out())
        .contains(
            "note: dataplane cilium@1.17: an ipBlock does not match addresses of pods (https://docs.cilium.io/");
    assertThat(can("shop/web reach shop/db on 5432", "--dataplane", "cilium", "-o", "json")
            .out())
        .contains("\"denied\"", "dataplane cilium: an ipBlock does not match");
  }

  @Test
  void anOptionOfTheCommandLineWins() {
    Run run = can(
        "shop/web reach shop/db on 5432",
        "--dataplane",
        "cilium",
        "--ip-block-matches-pods",
        "true");
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains(
            "dataplane cilium: an ipBlock does not match addresses of pods; --ip-block-matches-pods of the command line counts instead");
  }

  @Test
  void settingsNameTheDataplaneForEveryCommand() throws IOException {
    Files.writeString(directory.resolve(".postern.yaml"), "dataplane: cilium\n");
    assertThat(can("shop/web reach shop/db on 5432").status()).isEqualTo(ExitStatus.NO);
    assertThat(can("shop/web reach shop/db on 5432", "--dataplane", "calico").status())
        .isZero();
    Path spec = directory.resolve("a.postern");
    Files.writeString(spec, "shop/web cannot reach shop/db on 5432\n");
    Run test = Run.of("test", spec.toString(), "-f", file);
    assertThat(test.status()).isZero();
    assertThat(test.err()).contains("postern: dataplane cilium: an ipBlock does not match");
    Run matrix = Run.of("connectivity", "-f", file, "-o", "csv");
    assertThat(matrix.out()).doesNotContain("shop/web,shop/db");
    assertThat(matrix.err()).contains("postern: dataplane cilium: ");
    Run why = Run.of("why", "shop/web reach shop/db on 5432", "-f", file);
    assertThat(why.status()).isEqualTo(ExitStatus.NO);
    assertThat(why.out()).contains("note: dataplane cilium: an ipBlock does not match");
    Run diff = Run.of("diff", file, file);
    assertThat(diff.err()).contains("postern: dataplane cilium: ");
    Run review = Run.of("review", file, file);
    assertThat(review.err()).contains("postern: dataplane cilium: ");
    Run replay = Run.of("replay", "../examples/flows.json", "-f", file);
    assertThat(replay.err()).contains("postern: dataplane cilium: ");
    assertThat(Run.of("lint", file).out()).contains("cilium does not enforce an `ipBlock`");
  }

  @Test
  void settingsThatNameNoDataplaneAreAnErrorWithItsPlace() throws IOException {
    Files.writeString(
        directory.resolve(".postern.yaml"), "dataplane: cilum\nkube-proxy: userspace\n");
    Run run = can("shop/web reach shop/db on 5432");
    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err())
        .contains(
            ".postern.yaml:1:12: error: no dataplane `cilum` is known (hint: did you mean `cilium`?)",
            ".postern.yaml:2:13: error: `userspace` is no way to serve Services (hint: iptables, ipvs, nftables, ebpf)");
  }

  @Test
  void anAnswerIsAboutOneDataplane() {
    Run run = can("shop/web reach shop/db on 5432", "--dataplane", "cilium,calico");
    assertThat(run.status()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(run.err()).contains("an answer is about one dataplane");
    assertThat(can("shop/web reach shop/db", "--dataplane", "cilium@newest").err())
        .contains("`newest` is no version of cilium");
    assertThat(can("shop/web reach shop/db", "--kube-proxy", "ebfp").err())
        .contains("`ebfp` is no way to serve Services");
  }

  @Test
  void whereNodesKeepTheClientsAddressTheAnswerIsCertain() {
    String question = "198.51.100.7 reach service shop/db on 5432";
    assertThat(can(question).status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(can(question, "--keeps-client-address", "true").status()).isZero();
    Run calico = can(question, "--dataplane", "calico", "--kube-proxy", "ebpf");
    assertThat(calico.status()).isZero();
    assertThat(calico.out())
        .contains(
            "dataplane calico: pods see the client's own address behind node ports and load balancers (https://docs.tigera.io/");
    Run ipvs = can(question, "--kube-proxy", "ipvs");
    assertThat(ipvs.status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(ipvs.out())
        .contains("note: kube-proxy ipvs: a node may put its own address in the client's place");
  }

  @Test
  void withoutAShortCutAPodsCallGoesToTheLoadBalancerFirst() {
    String question = "shop/web reach 203.0.113.80 on 5432";
    Run shortCut = can(question, "--load-balancer-short-cut", "true");
    Run leaves = can(question, "--load-balancer-short-cut", "false");
    assertThat(leaves.status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(leaves.out()).contains("packets come from the load balancer or a node");
    assertThat(shortCut.out()).doesNotContain("packets come from the load balancer or a node");
  }
}

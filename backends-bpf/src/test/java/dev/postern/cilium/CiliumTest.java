package dev.postern.cilium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.backend.Artifact;
import dev.postern.backend.Refusal;
import dev.postern.backend.Remedy;
import dev.postern.backend.Scope;
import dev.postern.cluster.Cluster;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CiliumTest {

  private static final Options OPTIONS = Options.DEFAULT.withIpBlockMatchesPods(false);

  private static final String PODS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: c, image: i}]}
      status: {podIPs: [{ip: 10.0.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {containers: [{name: c, image: i}]}
      status: {podIPs: [{ip: 10.0.0.2}]}
      ---
      """;

  private static final String WEB_TO_DB = """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        policyTypes: [Ingress]
        ingress:
        - from: [{podSelector: {matchLabels: {app: web}}}]
          ports: [{port: 5432}]
      """;

  private static Plan plan(String manifests, Options options) {
    Cluster cluster = Manifests.read(Source.text("m.yaml", manifests)).cluster();
    return Plan.of(cluster, options);
  }

  private static Artifact compile(String manifests) throws Refusal {
    return Cilium.backend().compile(plan(manifests, OPTIONS), Scope.CLUSTER);
  }

  @Test
  void aRuleForAPortBecomesOneEntryOfTheLayout() throws Refusal {
    // Prefix length 64, an identity from 256 to 65535, ingress, TCP, port 5432; no proxy, allowed
    // with 24
    // bits, precedence 0xFFFFFF01.
    assertThat(compile(PODS + WEB_TO_DB).file("policy-shop-db.json"))
        .containsPattern(
            "\"key\":\\[\"0x40\",\"0x00\",\"0x00\",\"0x00\",\"0x..\",\"0x..\",\"0x00\",\"0x00\","
                + "\"0x00\",\"0x06\",\"0x15\",\"0x38\"\\],"
                + "\"value\":\\[\"0x00\",\"0x00\",\"0xc0\",\"0x00\",\"0x01\",\"0xff\",\"0xff\",\"0xff\","
                + "\"0x00\",\"0x00\",\"0x00\",\"0x00\"\\]");
  }

  @Test
  void anUnpolicedDirectionIsOneEntryForAnyone() throws Refusal {
    assertThat(compile(PODS + WEB_TO_DB).file("policy-shop-web.batch")).isEqualTo("""
            map update pinned @pin@/policy-shop-web key hex 28 00 00 00 00 00 00 00 00 00 00 00 value hex 00 00 00 00 01 ff ff ff 00 00 00 00
            map update pinned @pin@/policy-shop-web key hex 28 00 00 00 00 00 00 00 01 00 00 00 value hex 00 00 00 00 01 ff ff ff 00 00 00 00
            """);
  }

  @Test
  void nestedNetworksHaveAnIdentityEachAndRepeatWhatTheOuterOneAllows() throws Refusal {
    Artifact artifact = compile(PODS + """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: db}}
          policyTypes: [Ingress]
          ingress:
          - from: [{ipBlock: {cidr: 192.168.0.0/16}}]
            ports: [{port: 80}]
          - from: [{ipBlock: {cidr: 192.168.7.0/24}}]
            ports: [{port: 443}]
        """);

    assertThat(artifact.file("identities.json"))
        .contains("cidr:192.168.0.0/16", "cidr:192.168.7.0/24", "reserved:world");
    assertThat(artifact.file("policy-shop-db.batch").lines().filter(l -> l.contains(" 06 00 50 ")))
        .hasSize(2);
    assertThat(artifact.file("policy-shop-db.batch").lines().filter(l -> l.contains(" 06 01 bb ")))
        .hasSize(1);
  }

  @Test
  void readingIpBlocksAsMatchingPodsIsRefusedWithTheFix() {
    assertThatThrownBy(
            () -> Cilium.backend().compile(plan(PODS + WEB_TO_DB, Options.DEFAULT), Scope.CLUSTER))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("never matches pods")
        .extracting(refusal -> ((Refusal) refusal).remedy())
        .isEqualTo(Optional.of(Remedy.IP_BLOCKS_MATCH_NO_PODS));
  }

  @Test
  void aFullPolicyMapIsRefusedWithItsPodAndPolicies() {
    assertThatThrownBy(() -> Cilium.backend()
            .withCapacity(1)
            .compile(plan(PODS + WEB_TO_DB, OPTIONS), Scope.CLUSTER))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("shop/db (10.0.0.2): its policy map would have 2 entries and holds 1")
        .hasMessageContaining("NetworkPolicy shop/db");
  }

  @Test
  void eachReleaseSaysInItsOwnBytesThatAPortIsAllowed() throws Refusal {
    assertThat(values(CiliumVersion.V1_16, PODS + WEB_TO_DB))
        .containsExactly(
            "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
            "00 00 06 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
    assertThat(values(CiliumVersion.V1_17, PODS + WEB_TO_DB))
        .containsExactly(
            "00 00 c0 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
            "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
    assertThat(values(CiliumVersion.V1_18, PODS + WEB_TO_DB))
        .containsExactly("00 00 c0 00 00 00 00 00", "00 00 00 00 00 00 00 00");
    assertThat(values(CiliumVersion.V1_19, PODS + WEB_TO_DB))
        .containsExactly(
            "00 00 c0 00 01 ff ff ff 00 00 00 00", "00 00 00 00 01 ff ff ff 00 00 00 00");
  }

  /** The values of the database's map: tcp/5432 for one identity, and everything it sends. */
  private static List<String> values(CiliumVersion version, String manifests) throws Refusal {
    return Cilium.backend()
        .withVersion(version)
        .compile(plan(manifests, OPTIONS), Scope.CLUSTER)
        .file("policy-shop-db.batch")
        .lines()
        .map(line -> line.substring(line.indexOf(" value hex ") + 11))
        .toList();
  }

  @Test
  void podsKeepTheirIdentitiesWhenOthersCome() throws Refusal {
    String before = compile(PODS + WEB_TO_DB).file("identities.json");
    String after = compile(PODS + """
        apiVersion: v1
        kind: Pod
        metadata: {name: a, namespace: another, labels: {app: first}}
        spec: {containers: [{name: c, image: i}]}
        status: {podIPs: [{ip: 10.0.0.9}]}
        ---
        """ + WEB_TO_DB).file("identities.json");

    assertThat(before.lines().filter(line -> line.contains("\"id\"")))
        .isSubsetOf(after.lines().filter(line -> line.contains("\"id\"")).toList());
    assertThat(after).contains("app=first");
  }

  @Test
  void moreNetworksThanThereAreIdentitiesAreRefusedWithThePolicies() {
    StringBuilder blocks = new StringBuilder();
    for (int i = 0; i < 65_536; i++) {
      blocks.append("{ipBlock: {cidr: 172.").append(i / 128 / 256 + 16).append('.');
      blocks.append(i / 128 % 256).append('.').append(i % 128 * 2).append("/32}}, ");
    }
    String manifests =
        PODS + WEB_TO_DB.replace("[{podSelector: {matchLabels: {app: web}}}]", "[" + blocks + "]");

    assertThatThrownBy(() -> compile(manifests))
        .isInstanceOf(Refusal.class)
        .hasMessage("the networks need 65536 identities, and Cilium has 65535 for them"
            + " (networks are named by NetworkPolicy shop/db)");
  }

  @Test
  void moreEntriesThanAnAgentsMapHoldsAreRefused() {
    String ports = IntStream.range(0, 16_384)
        .mapToObj(i -> "{port: " + (4 * i + 1) + "}")
        .collect(Collectors.joining(", "));

    assertThatThrownBy(() -> compile(PODS + WEB_TO_DB.replace("{port: 5432}", ports)))
        .isInstanceOf(Refusal.class)
        .hasMessage("shop/db (10.0.0.2): its policy map would have 16385 entries and holds 16384"
            + " (bpf-policy-map-max); it is selected by NetworkPolicy shop/db");
  }

  @Test
  void theCostIsSaidWithAndWithoutSharing() throws Refusal {
    assertThat(compile(PODS + WEB_TO_DB).summary())
        .contains("endpoints                   2\n")
        .contains("policy entries              4\n")
        .contains("  fullest map               2 of 16384\n")
        .contains("  if equal maps were shared 2 maps\n")
        .contains("policy map                1 or 2 at each policed end");
  }

  @Test
  void twoPodsWhoseFilesWouldBeOneAreRefused() {
    String clash = PODS + """
        apiVersion: v1
        kind: Pod
        metadata: {name: c, namespace: a-b}
        spec: {containers: [{name: c, image: i}]}
        status: {podIPs: [{ip: 10.0.0.3}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: b-c, namespace: a}
        spec: {containers: [{name: c, image: i}]}
        status: {podIPs: [{ip: 10.0.0.4}]}
        """;

    assertThatThrownBy(() -> compile(clash))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("policy-a-b-c.json");
  }
}

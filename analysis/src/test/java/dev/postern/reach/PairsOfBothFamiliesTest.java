package dev.postern.reach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.Analysis;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.net.Protocol;
import dev.postern.net.Traffic;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Line 16 of docs/semantics.md: what passes over one family of two says nothing about the other. */
class PairsOfBothFamiliesTest {

  private static final String PODS = """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {nodeName: one, containers: [{name: c}]}
      status: {podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {nodeName: two, containers: [{name: c}]}
      status: {podIPs: [{ip: 10.0.0.2}, {ip: "fd00::2"}]}
      ---
      """;

  private static Connectivity matrix(String from) {
    String policy = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: db}}
          ingress: [{from: [%s], ports: [{port: 80}]}]
        """.formatted(from);
    return Analysis.of(Manifests.read(Source.text("a.yaml", PODS + policy)).cluster())
        .connectivity();
  }

  private static boolean passes(Connectivity matrix) {
    return matrix
        .connections()
        .anyMatch(pair -> pair.source().id().equals("shop/web")
            && pair.destination().id().equals("shop/db")
            && pair.reach().allowed().contains(Protocol.TCP, 80));
  }

  @Test
  void whatPassesOverOneFamilyAloneIsListedAsPassingAndAsDeniedAndNotesSaySo() {
    Connectivity one = matrix("{ipBlock: {cidr: 10.0.0.0/24}}");

    assertThat(passes(one)).isTrue();
    assertThat(passes(one.denied())).isTrue();
    assertThat(one.notes())
        .contains(
            "what passes over one IP family and not over the other is listed as passing, such as from shop/web to shop/db");
    assertThat(one.denied().notes())
        .contains(
            "what passes over one IP family and not over the other is listed as denied, such as from shop/web to shop/db");
  }

  @Test
  void whatPassesOverBothFamiliesOrNeitherIsListedOnceAndWithoutNote() {
    List<String> both = List.of(
        "{ipBlock: {cidr: 10.0.0.0/24}}, {ipBlock: {cidr: 'fd00::/64'}}",
        "{podSelector: {matchLabels: {app: web}}}");

    assertThat(both.stream().map(PairsOfBothFamiliesTest::matrix))
        .allMatch(PairsOfBothFamiliesTest::passes)
        .noneMatch(matrix -> passes(matrix.denied()))
        .allMatch(matrix -> matrix.notes().stream().noneMatch(note -> note.contains("family")));
    assertThat(passes(matrix("{ipBlock: {cidr: 192.0.2.0/24}}"))).isFalse();
  }

  @Test
  void aNoteIsOnlyAboutWhatIsShown() {
    Connectivity one = matrix("{ipBlock: {cidr: 10.0.0.0/24}}");
    EndpointSelection everyone = EndpointSelection.EVERYONE;

    assertThat(one.narrowed(everyone, everyone, Traffic.udp(53)).notes())
        .noneMatch(note -> note.contains("family"));
  }
}

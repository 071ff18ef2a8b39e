package dev.postern.cli.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.console.UserError;
import dev.postern.cluster.UnreadPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Kinds of policies that Postern does not read are looked for among what the API server serves. */
class ServedKindsTest extends ServedCluster {

  /** Serves resources of one group, as {@code ciliumnetworkpolicies=CiliumNetworkPolicy}, and of no other. */
  private void serve(String version, String... resources) {
    serve(Map.of(version, List.of(resources)));
  }

  private void serve(Map<String, List<String>> resources) {
    List<String> groups = new ArrayList<>();
    resources.forEach((version, names) -> {
      groups.add("""
          {"name":"%1$s","versions":[{"groupVersion":"%2$s","version":"v"}],
          "preferredVersion":{"groupVersion":"%2$s","version":"v"}}""".formatted(version.substring(0, version.indexOf('/')), version));
      String served = String.join(
          ",",
          names.stream()
              .map(each -> each.split("=", 2))
              .map(each ->
                  "{\"name\":\"%s\",\"kind\":\"%s\",\"namespaced\":true,\"verbs\":[\"get\",\"list\"]}"
                      .formatted(each[0], each[1]))
              .toList());
      answers.put(
          "/apis/" + version,
          unused -> new Answer(
              200,
              "{\"kind\":\"APIResourceList\",\"apiVersion\":\"v1\",\"groupVersion\":\"%s\",\"resources\":[%s]}"
                  .formatted(version, served)));
    });
    String all = "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[%s]}"
        .formatted(String.join(",", groups));
    answers.put("/apis", unused -> new Answer(200, all));
  }

  @Test
  void policiesOfKindsThatAreNotReadAreListedWhereTheServerServesThem() throws IOException {
    serve(
        "acme.example/v1",
        "acmenetworkpolicies=AcmeNetworkPolicy",
        "acmenetworkpolicies/status=AcmeNetworkPolicy",
        "widgets=Widget");
    String policies = list("acme.example/v1", "AcmeNetworkPolicy", "{}", "[1]");
    answers.put("/apis/acme.example/v1/acmenetworkpolicies", unused -> new Answer(200, policies));

    Listed listed = read();

    assertThat(listed.pages())
        .contains(new Page(address() + "/apis/acme.example/v1/acmenetworkpolicies", policies));
    assertThat(listed.unseen()).isEmpty();
    assertThat(asked).noneMatch(each -> each.contains("widgets") || each.contains("status"));
  }

  @Test
  void policiesInAVersionThatIsNotReadAreListedThere() throws IOException {
    serve("policy.networking.k8s.io/v1beta7", "adminnetworkpolicies=AdminNetworkPolicy");
    String path = "/apis/policy.networking.k8s.io/v1beta7/adminnetworkpolicies";
    answers.put(
        path,
        unused -> new Answer(
            200, list("policy.networking.k8s.io/v1beta7", "AdminNetworkPolicy", "{}", "[1]")));

    assertThat(read().pages()).extracting(Page::source).contains(address() + path);
  }

  @Test
  void aKindThatMayNotBeListedIsNamed() throws IOException {
    serve("cilium.io/v2", "ciliumnetworkpolicies=CiliumNetworkPolicy");
    answers.put(
        "/apis/cilium.io/v2/ciliumnetworkpolicies",
        unused -> new Answer(403, "{\"kind\":\"Status\"}"));

    assertThat(read().unseen()).hasSize(1).allSatisfy(policy -> {
      assertThat(policy.kind()).isEqualTo("CiliumNetworkPolicy");
      assertThat(policy.matters()).isTrue();
    });
  }

  /** Calico's API may hide the policies of tiers, its custom resources hold them all. */
  @Test
  void whatTheGroupShowsThatKeepsTheObjectsNeedNotBeShownTwice() throws IOException {
    List<String> policies = List.of("networkpolicies=NetworkPolicy");
    serve(Map.of("projectcalico.org/v3", policies, "crd.projectcalico.org/v1", policies));
    String api = "/apis/projectcalico.org/v3/networkpolicies";
    String kept = "/apis/crd.projectcalico.org/v1/networkpolicies";
    answers.put(api, unused -> new Answer(403, "{\"kind\":\"Status\"}"));
    answers.put(kept, unused -> new Answer(403, "{\"kind\":\"Status\"}"));
    assertThat(read().unseen()).hasSize(2);

    answers.put(
        kept,
        unused -> new Answer(200, list("crd.projectcalico.org/v1", "NetworkPolicy", "{}", "[]")));
    assertThat(read().unseen()).isEmpty();

    answers.put(kept, unused -> new Answer(403, "{\"kind\":\"Status\"}"));
    answers.put(
        api, unused -> new Answer(200, list("projectcalico.org/v3", "NetworkPolicy", "{}", "[]")));
    assertThat(read().unseen())
        .extracting(UnreadPolicy::group)
        .containsExactly("crd.projectcalico.org");
  }

  @Test
  void aGroupWhoseServerIsAwayIsNamedUnlessItOnlyMeasures() throws IOException {
    serve("projectcalico.org/v3");
    answers.put("/apis/projectcalico.org/v3", unused -> new Answer(503, "{}"));
    assertThat(read().unseen()).singleElement().satisfies(policy -> {
      assertThat(policy.kind()).isEqualTo("*");
      assertThat(policy.group()).isEqualTo("projectcalico.org");
    });

    serve("metrics.k8s.io/v1beta1");
    answers.put("/apis/metrics.k8s.io/v1beta1", unused -> new Answer(503, "{}"));
    assertThat(read().unseen()).isEmpty();
  }

  @Test
  void aServerThatDoesNotTellWhatItServesIsAnError() {
    answers.put("/apis", unused -> new Answer(403, "{\"kind\":\"Status\"}"));

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("bind the ClusterRole system:discovery");
  }
}

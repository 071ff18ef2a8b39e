package dev.postern.meaning;

import static dev.postern.meaning.FlowVerdict.ALLOWED;
import static dev.postern.meaning.FlowVerdict.DENIED;
import static dev.postern.meaning.FlowVerdict.UNKNOWN;
import static dev.postern.meaning.Scene.networkPolicy;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines 9, 10 and 16: address blocks, pods in them, and the two families. */
class AddressMeaningTest {

  private static String allow(String name, String peers) {
    return networkPolicy(
        "shop/" + name,
        "podSelector: {matchLabels: {app: db}}\ningress:\n- from:\n" + peers.indent(2));
  }

  private static Scene from(String peers) {
    return Scene.of(allow("db", peers));
  }

  @Test
  void anIpBlockIsItsCidrWithoutItsExcepts() {
    Scene scene = from("- ipBlock: {cidr: 8.0.0.0/8, except: [8.8.0.0/16, 8.9.9.0/24]}");
    assertThat(scene.ask("8.0.0.0", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("8.255.255.255", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("9.0.0.0", "shop/db", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("7.255.255.255", "shop/db", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("8.7.255.255", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("8.8.0.0", "shop/db", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("8.8.255.255", "shop/db", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("8.9.9.9", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void exceptsThatOverlapCutOnce() {
    Scene scene = from("- ipBlock: {cidr: 8.0.0.0/8, except: [8.8.0.0/16, 8.8.8.0/24]}");
    assertThat(scene.ask("8.8.8.8", "shop/db", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("8.9.0.0", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.0.0.0/8", "9.0.0.0/16", "0.0.0.0/0", "fd00::/64", "8.8.8.8"})
  void anExceptThatIsNoStrictSubsetOfTheCidrIsAnError(String except) {
    assertThat(
            Scene.errors(allow("db", "- ipBlock: {cidr: 8.0.0.0/8, except: [\"" + except + "\"]}")))
        .singleElement()
        .asString()
        .startsWith("test.yaml:8:");
  }

  @Test
  void hostBitsMeanTheNetworkInAStoredObjectAndAreAnErrorInANewOne() {
    String policy = allow("db", "- ipBlock: {cidr: 8.8.8.8/8}");
    assertThat(Scene.errors(policy)).singleElement();
    Scene scene = Scene.of(policy.replace("metadata: {", "metadata: {uid: u1, "));
    assertThat(scene.ask("8.200.0.1", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
  }

  @Test
  void aPeerWithAnIpBlockAndASelectorIsAnError() {
    assertThat(Scene.errors(allow("db", "- {ipBlock: {cidr: 8.0.0.0/8}, podSelector: {}}")))
        .singleElement();
    assertThat(Scene.errors(allow("db", "- {ipBlock: {cidr: 8.0.0.0/8}, namespaceSelector: {}}")))
        .singleElement();
  }

  @Test
  void exceptsCutOnlyTheirOwnIpBlock() {
    String all = "- ipBlock: {cidr: 0.0.0.0/0, except: [8.8.8.8/32]}";
    assertThat(from(all).ask("8.8.8.8", "shop/db", "tcp/80")).isEqualTo(DENIED);
    assertThat(from(all + "\n- ipBlock: {cidr: 8.8.8.0/24}").ask("8.8.8.8", "shop/db", "tcp/80"))
        .isEqualTo(ALLOWED);
    Scene twoPolicies =
        Scene.of(allow("first", all), allow("second", "- ipBlock: {cidr: 8.8.8.8/32}"));
    assertThat(twoPolicies.ask("8.8.8.8", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
  }

  @Test
  void aBlockOfWhichExceptsLeaveNothingMatchesNobodyAlsoNoUnknownAddress() {
    Scene scene = from("- ipBlock: {cidr: 8.8.8.0/24, except: [8.8.8.0/25, 8.8.8.128/25]}");
    assertThat(scene.ask("8.8.8.8", "shop/db", "tcp/80")).isEqualTo(DENIED);
    assertThat(scene.ask("ingress-controller", "shop/db", "tcp/80")).isEqualTo(DENIED);
    Scene egress = Scene.of(networkPolicy("shop/out", """
        podSelector: {matchLabels: {app: web}}
        policyTypes: [Egress]
        egress: [{to: [{ipBlock: {cidr: 8.8.8.0/24, except: [8.8.8.0/25, 8.8.8.128/25]}}]}]"""));
    assertThat(egress.ask("shop/web", "name:example.com", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void anExceptDoesNotKeepOutAPodThatASelectorAdmits() {
    Scene scene = from("""
        - ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.1/32]}
        - podSelector: {matchLabels: {app: web}}""");
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
  }

  @Test
  void anIpBlockMatchesPodsByTheirAddressUnlessTheOptionSaysNo() {
    Scene scene = from("- ipBlock: {cidr: 10.0.0.1/32}");
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/bare", "shop/db", "tcp/80")).isEqualTo(DENIED);
    Scene strict = scene.with(Options.DEFAULT.withIpBlockMatchesPods(false));
    assertThat(strict.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void theOptionLeavesAddressesOutsideAlone() {
    Scene scene =
        from("- ipBlock: {cidr: 0.0.0.0/0}").with(Options.DEFAULT.withIpBlockMatchesPods(false));
    assertThat(scene.ask("8.8.8.8", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void anExceptCutsPodsOutToo() {
    Scene scene = from("- ipBlock: {cidr: 10.0.0.0/16, except: [10.0.1.0/24]}");
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("ops/web", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void aTemplateWithoutAddressIsMatchedBySelectorsAndByBlocksThatLeaveOutNoAddress() {
    assertThat(from("- namespaceSelector: {}").ask("ops/batch", "shop/db", "tcp/80"))
        .isEqualTo(ALLOWED);
    assertThat(from("- ipBlock: {cidr: 10.0.0.0/8}").ask("ops/batch", "shop/db", "tcp/80"))
        .isEqualTo(DENIED);
    Scene whole = from("- ipBlock: {cidr: 0.0.0.0/0}\n- ipBlock: {cidr: \"::/0\"}");
    assertThat(whole.ask("ops/batch", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    Scene halves = from("- ipBlock: {cidr: 0.0.0.0/1}\n- ipBlock: {cidr: 128.0.0.0/1}\n"
        + "- ipBlock: {cidr: \"::/0\"}");
    assertThat(halves.ask("ops/batch", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(whole
            .with(Options.DEFAULT.withIpBlockMatchesPods(false))
            .ask("ops/batch", "shop/db", "tcp/80"))
        .isEqualTo(DENIED);
  }

  @Test
  void aWholeFamilyMatchesAPodOfUnknownAddressIfNoOtherFamilyIsInUse() {
    String policy = allow("db", "- ipBlock: {cidr: 0.0.0.0/0}");
    assertThat(Scene.of(policy).ask("ops/batch", "shop/db", "tcp/80")).isEqualTo(UNKNOWN);
    String pods = """
        apiVersion: v1
        kind: Pod
        metadata: {name: db, namespace: shop, labels: {app: db}}
        spec: {containers: [{name: c, image: x}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop, labels: {app: web}}
        spec: {containers: [{name: c, image: x}]}
        ---
        """;
    assertThat(Scene.bare(pods + policy).ask("shop/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
  }

  @Test
  void wherePodsMayHaveAnyAddressABlockDecidesNothingOfThoseWithout() {
    Options any = Options.DEFAULT.withMissingAddress(Options.MissingAddress.ANY);
    Scene scene = from("- ipBlock: {cidr: 10.0.0.0/8}").with(any);
    assertThat(scene.ask("ops/batch", "shop/db", "tcp/80")).isEqualTo(UNKNOWN);
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(from("- ipBlock: {cidr: 10.0.0.0/8}\n- namespaceSelector: {}")
            .with(any)
            .ask("ops/batch", "shop/db", "tcp/80"))
        .isEqualTo(ALLOWED);
    assertThat(from("- ipBlock: {cidr: 0.0.0.0/0}\n- ipBlock: {cidr: \"::/0\"}")
            .with(any)
            .ask("ops/batch", "shop/db", "tcp/80"))
        .isEqualTo(ALLOWED);
  }

  @Test
  void wherePodsMayHavePrivateAddressesPublicBlocksMatchNoneOfThoseWithout() {
    Options common = Options.DEFAULT.withMissingAddress(Options.MissingAddress.PRIVATE);
    assertThat(from("- ipBlock: {cidr: 203.0.113.0/24}")
            .with(common)
            .ask("ops/batch", "shop/db", "tcp/80"))
        .isEqualTo(DENIED);
    assertThat(from("- ipBlock: {cidr: 100.64.0.0/16}")
            .with(common)
            .ask("ops/batch", "shop/db", "tcp/80"))
        .isEqualTo(UNKNOWN);
    assertThat(
            from("- ipBlock: {cidr: 0.0.0.0/0, except: [8.8.8.0/24]}\n- ipBlock: {cidr: \"::/0\"}")
                .with(common)
                .ask("ops/batch", "shop/db", "tcp/80"))
        .isEqualTo(ALLOWED);
  }

  @Test
  void theFamiliesNeverMatchEachOther() {
    Scene v4 = from("- ipBlock: {cidr: 0.0.0.0/0}");
    assertThat(v4.ask("8.8.8.8", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(v4.ask("2001:db8::1", "shop/db v6", "tcp/80")).isEqualTo(DENIED);
    assertThat(v4.ask("::ffff:8.8.8.8", "shop/db v6", "tcp/80")).isEqualTo(DENIED);
    Scene v6 = from("- ipBlock: {cidr: \"::/0\"}");
    assertThat(v6.ask("2001:db8::1", "shop/db v6", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(v6.ask("8.8.8.8", "shop/db", "tcp/80")).isEqualTo(DENIED);
  }

  @Test
  void eachFamilyOfADualStackPodIsJudgedApart() {
    Scene scene = from("- ipBlock: {cidr: 10.0.0.0/8}");
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web v6", "shop/db v6", "tcp/80")).isEqualTo(DENIED);
    Scene both = from("- ipBlock: {cidr: 10.0.0.0/8}\n- ipBlock: {cidr: \"fd00::1/128\"}");
    assertThat(both.ask("shop/web v6", "shop/db v6", "tcp/80")).isEqualTo(ALLOWED);
  }

  @Test
  void selectorsMatchAPodByEitherFamily() {
    Scene scene = from("- podSelector: {matchLabels: {app: web}}");
    assertThat(scene.ask("shop/web", "shop/db", "tcp/80")).isEqualTo(ALLOWED);
    assertThat(scene.ask("shop/web v6", "shop/db v6", "tcp/80")).isEqualTo(ALLOWED);
  }
}

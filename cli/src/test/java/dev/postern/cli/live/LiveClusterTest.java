package dev.postern.cli.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.console.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lists of an API server, and errors in them. */
class LiveClusterTest extends ServedCluster {

  @Test
  void everyKindIsListedWithTheCredentialsOfTheContext() throws IOException {
    List<Page> pages = read().pages();

    assertThat(asked)
        .containsExactlyElementsOf(Stream.concat(
                Listing.ALL.stream().map(each -> "GET " + each.path() + "?limit=500"),
                Stream.of("GET /apis?null"))
            .toList());
    assertThat(tokens).containsOnly("Bearer s3cret");
    assertThat(pages)
        .hasSize((int) Listing.ALL.stream().filter(each -> !each.optional()).count());
    assertThat(pages).contains(new Page(address() + "/api/v1/pods", EMPTY));
  }

  @Test
  void aLongListComesInPages() throws IOException {
    String first = list("v1", "Pod", "{\"continue\":\"a+b/c=\"}", "[1]");
    String last = list("v1", "Pod", "{\"resourceVersion\":\"7\"}", "[2]");
    answers.put(
        "/api/v1/pods",
        query -> new Answer(200, query.equals("limit=500&continue=a+b/c=") ? last : first));

    assertThat(read().pages()).extracting(Page::json).containsSequence(first, last);
  }

  @Test
  void whatOnlyHelpsToKnowADataplaneMayBeForbidden() throws IOException {
    answers.put("/apis/cilium.io/v2/ciliumnodes", query -> new Answer(403, "{}"));

    assertThat(read().pages()).extracting(Page::json).contains(EMPTY);
    assertThat(read().unseen()).isEmpty();
  }

  @Test
  void aListThatExpiresBetweenTwoPagesIsReadOnceMore() throws IOException {
    String first = list("v1", "Pod", "{\"continue\":\"old\"}", "[1]");
    List<String> pods = new ArrayList<>();
    answers.put("/api/v1/pods", query -> {
      pods.add(query);
      return pods.size() == 1
          ? new Answer(200, first)
          : pods.size() == 2 ? new Answer(410, "{}") : new Answer(200, EMPTY);
    });

    assertThat(read().pages()).extracting(Page::json).doesNotContain(first);
    assertThat(pods).containsExactly("limit=500", "limit=500&continue=old", "limit=500");
  }

  @Test
  void policiesOfAnInstalledCrdAreListed() throws IOException {
    String policies = list("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", "{}", "[]");
    answers.put(
        "/apis/policy.networking.k8s.io/v1alpha1/adminnetworkpolicies",
        unused -> new Answer(200, policies));

    assertThat(read().pages()).extracting(Page::json).contains(policies);
  }

  @Test
  void whatMayNotBeListedIsAnErrorAndNotNothing() {
    answers.put(
        "/apis/networking.k8s.io/v1/networkpolicies",
        unused -> new Answer(403, "{\"kind\":\"Status\",\"code\":403}"));

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessage(address()
            + "/apis/networking.k8s.io/v1/networkpolicies: error: not allowed to list networkpolicies"
            + " (hint: bind a ClusterRole that may list networkpolicies)");
  }

  @Test
  void aForbiddenCrdIsAnErrorToo() {
    answers.put(
        "/apis/policy.networking.k8s.io/v1alpha1/adminnetworkpolicies",
        unused -> new Answer(403, "{\"kind\":\"Status\"}"));

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("adminnetworkpolicies");
  }

  @Test
  void staleCredentialsAreSaidPlainly() {
    answers.put(
        "/api/v1/namespaces", unused -> new Answer(401, "{\"kind\":\"Status\",\"code\":401}"));

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith("(hint: log in again)");
  }

  @Test
  void anAnswerThatIsNoListIsAnError() {
    answers.put("/api/v1/pods", unused -> new Answer(200, "<html>log in</html>"));

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(address() + "/api/v1/pods: error: the server's answer is not JSON");
  }

  @Test
  void aServerThatIsNotThereIsNamed() throws IOException {
    Path file = kubeconfig();

    assertThatThrownBy(() -> LiveCluster.read(Optional.of(file), Optional.of("far"), Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(
            "http://127.0.0.1:1/api/v1/namespaces: error: cannot reach the server: Connection refused");
  }

  @Test
  void anUnknownContextOffersThoseThatExist() throws IOException {
    Path file = kubeconfig();

    assertThatThrownBy(() -> LiveCluster.read(Optional.of(file), Optional.of("prod"), Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessage(
            file + ": error: no context `prod` (hint: choose one with --context: dev, far)");
    assertThat(asked).isEmpty();
  }

  @Test
  void aMissingKubeconfigIsNamed() {
    assertThatThrownBy(() ->
            LiveCluster.read(Optional.empty(), Optional.empty(), Map.of("HOME", home.toString())))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(home.resolve(".kube/config").toString());
  }

  @Test
  void aKubeconfigThatIsNoneIsAnError() throws IOException {
    Path file = Files.writeString(home.resolve("config"), "]]");

    assertThatThrownBy(() -> LiveCluster.read(Optional.of(file), Optional.empty(), Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file + ": error: this is no kubeconfig");
  }

  @Test
  void ofSeveralFilesInTheEnvironmentTheOneWithTheContextCounts() throws IOException {
    Path other =
        Files.writeString(home.resolve("other"), "apiVersion: v1\nkind: Config\ncontexts: []\n");
    String both = other + java.io.File.pathSeparator + kubeconfig();

    LiveCluster.read(Optional.empty(), Optional.of("dev"), Map.of("KUBECONFIG", both));

    assertThat(asked).hasSize(Listing.ALL.size() + 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{'kind':'Status','apiVersion':'v1','status':'Failure','message':'etcd is away'}|a failure: etcd is away",
        "{'kind':'ServiceList','apiVersion':'v1','items':[]}|a ServiceList of v1 instead of a PodList of v1",
        "{'kind':'PodList','apiVersion':'apps/v1','items':[]}|a PodList of apps/v1 instead of a PodList of v1",
        "{'items':[]}|something without `kind` instead of a PodList of v1",
        "{'kind':'PodList','apiVersion':'v1','items':{}}|a PodList whose `items` are no list",
        "{'kind':'PodList','apiVersion':'v1','metadata':{}}|a PodList without `items`",
        "{'kind':'PodList','apiVersion':'v1','metadata':{'continue':5},'items':[]}"
            + "|a part of a list, and with no token for what is missing",
        "{'kind':'PodList','apiVersion':'v1','metadata':{'remainingItemCount':7},'items':[]}"
            + "|a part of a list, and with no token for what is missing",
        "{'kind':'PodList','apiVersion':'v1','metadata':{'continue':'','remainingItemCount':'7'},'items':[]}"
            + "|a part of a list, and with no token for what is missing",
        "{'kind':'PodList','apiVersion':'v1','metadata':[],'items':[]}"
            + "|a part of a list, and with no token for what is missing",
        "[]|something that is no list"
      })
  void whatIsNotTheListThatWasAskedForIsNoEmptyCluster(String body, String what) {
    answers.put("/api/v1/pods", unused -> new Answer(200, body.replace('\'', '"')));

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessage(address() + "/api/v1/pods: error: the server answered with " + what);
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 203, 206})
  void anAnswerThatIsNotTheWholeOneOfTheServerIsAnError(int status) {
    answers.put("/api/v1/pods", unused -> new Answer(status, list("v1", "Pod", "{}", "[]")));

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("/api/v1/pods: error: the server answered " + status);
  }

  @Test
  void aListWithoutEndIsAnError() {
    answers.put(
        "/api/v1/pods",
        unused -> new Answer(200, list("v1", "Pod", "{\"continue\":\"again\"}", "[]")));

    assertThatThrownBy(this::read)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("/api/v1/pods: error: the server's list has no end");
  }
}

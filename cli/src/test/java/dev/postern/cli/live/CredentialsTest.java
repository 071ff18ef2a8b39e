package dev.postern.cli.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.console.UserError;
import io.fabric8.kubernetes.api.model.ClusterBuilder;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.api.model.ExecConfigBuilder;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a kubeconfig names for its credentials, and what is said where that is not there. */
@DisabledOnOs(OS.WINDOWS)
class CredentialsTest {

  private static final String VERSION = "client.authentication.k8s.io/v1";

  @TempDir
  private Path home;

  private Path kubeconfig(String cluster, String user) throws IOException {
    return Files.writeString(home.resolve("config"), """
        apiVersion: v1
        kind: Config
        current-context: dev
        clusters: [{name: here, cluster: %s}]
        users: [{name: me, user: %s}]
        contexts: [{name: dev, context: {cluster: here, user: me}}]
        """.formatted(cluster, user));
  }

  private Config find(String cluster, String user) throws IOException {
    return Kubeconfig.find(
            Optional.of(kubeconfig(cluster, user)), Optional.empty(), System.getenv())
        .config();
  }

  private Config find(String user) throws IOException {
    return find("{server: 'http://127.0.0.1:1'}", user);
  }

  private static String token(Config config) {
    return config.getOauthToken() == null ? config.getAutoOAuthToken() : config.getOauthToken();
  }

  private String plugin(String body) throws IOException {
    script(body);
    return "{exec: {apiVersion: " + VERSION
        + ", command: ./plugin, interactiveMode: IfAvailable, provideClusterInfo: true}}";
  }

  private void script(String body) throws IOException {
    Path script = Files.writeString(home.resolve("plugin"), "#!/bin/sh\n" + body + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }

  private static String credential(String status) {
    return "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" + VERSION + "\",\"status\":"
        + status + "}'";
  }

  @Test
  void aCredentialPluginIsAskedAsClientGoAsksIt() throws IOException {
    String user = plugin("printf %s \"$KUBERNETES_EXEC_INFO\" >\"$(dirname \"$0\")/asked\"\n"
        + credential("{\"token\":\"s3cret\"}"));

    assertThat(token(find(user))).isEqualTo("s3cret");
    assertThat(home.resolve("asked"))
        .hasContent(
            "{\"kind\":\"ExecCredential\",\"apiVersion\":\"" + VERSION
                + "\",\"spec\":{\"interactive\":false,\"cluster\":{\"server\":\"http://127.0.0.1:1\"}}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "echo 'no session' >&2; exit 3|failed with exit status 3: no session",
        "exit 1|failed with exit status 1",
        "exit 0|said nothing",
        "echo '<html>s3cret'|answered with something that is no JSON",
        "echo '{}'|answered with no ExecCredential of client.authentication.k8s.io/v1",
        "echo '[]'|answered with no ExecCredential of client.authentication.k8s.io/v1",
        "yes|says more than 1048576 bytes, which are no credentials"
      })
  void aPluginThatGivesNoCredentialsIsNamed(String body, String what) throws IOException {
    String user = plugin(body);

    assertThatThrownBy(() -> find(user))
        .isInstanceOf(UserError.class)
        .hasMessage(home.resolve("config")
            + ": error: the credential plugin `./plugin` of user `me` " + what);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{}|gave neither a token nor a certificate",
        "null|gave neither a token nor a certificate",
        "{\"token\":7}|gave neither a token nor a certificate",
        "{\"clientCertificateData\":\"x\"}|gave a certificate without its key",
        "{\"clientKeyData\":\"x\"}|gave a key without its certificate"
      })
  void anAnswerWithoutCredentialsIsAnError(String status, String what) throws IOException {
    String user = plugin(credential(status));

    assertThatThrownBy(() -> find(user)).isInstanceOf(UserError.class).hasMessageEndingWith(what);
  }

  @Test
  void aPluginThatDoesNotEndIsStopped() throws IOException {
    script("echo $$ >\"$(dirname \"$0\")/pid\"; cat <\"$(dirname \"$0\")/never\"");
    assertThat(new ProcessBuilder("mkfifo", home.resolve("never").toString())
            .start()
            .onExit()
            .join()
            .exitValue())
        .isZero();
    ExecConfig configured =
        new ExecConfigBuilder().withApiVersion(VERSION).withCommand("./plugin").build();
    CredentialPlugin plugin = new CredentialPlugin(
        "user `me`", configured, home.resolve("config"), System.getenv(), Duration.ofMillis(1500));

    assertThatThrownBy(
            () -> plugin.ask(new ClusterBuilder().withServer("http://a").build()))
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith("did not end within 1500 ms");
    long pid = Long.parseLong(Files.readString(home.resolve("pid")).strip());
    ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
  }

  @Test
  void aPluginThatIsNotThereIsNamedWithItsHint() {
    assertThatThrownBy(() -> find("{exec: {apiVersion: " + VERSION
            + ", command: postern-has-no-such-plugin, installHint: \"get it\\nfrom us\"}}"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("`postern-has-no-such-plugin` of user `me` cannot be run")
        .hasMessageEndingWith("(hint: get it from us)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{tokenFile: no.token}|user `me` names the tokenFile HOME/no.token, which is not there",
        "{client-certificate: no.crt, client-key: no.key}|user `me` names the client-certificate HOME/no.crt, which is not there",
        "{client-certificate: config, client-key: config}|user `me` has a client-certificate that holds no certificate",
        "{client-key-data: AAAA}|user `me` has a client-key and no client-certificate",
        "{client-certificate-data: AAAA}|user `me` has a client-certificate and no client-key",
        "{token: \"a\\r\\nX: b\"}|user `me` has a token with characters that no request can carry",
        "{auth-provider: {name: gcp}}|user `me` has the auth-provider `gcp`, which kubectl took out in 1.26 (hint: use its credential plugin, under `exec`)",
        "{exec: {command: x}}|the credential plugin `x` of user `me` has the apiVersion `null`, which is none of a credential plugin (hint: client.authentication.k8s.io/v1)",
        "{exec: {apiVersion: client.authentication.k8s.io/v1}}|user `me` has a credential plugin without `command`",
        "{exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}}|the credential plugin `x` of user `me` wants to ask on a terminal, which Postern does not offer (hint: log in first, and set `interactiveMode: IfAvailable`)"
      })
  void credentialsThatAreNotThereAreNamed(String user, String what) {
    assertThatThrownBy(() -> find(user))
        .isInstanceOf(UserError.class)
        .hasMessage(home.resolve("config") + ": error: " + what.replace("HOME", home.toString()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{}|cluster `here` names no server",
        "{server: 'https://a', certificate-authority: no.crt}|cluster `here` names the certificate-authority HOME/no.crt, which is not there",
        "{server: 'https://a', certificate-authority: config}|cluster `here` has a certificate-authority that holds no certificate",
        "{server: 'https://a', certificate-authority-data: AAAA}|cluster `here` has a certificate-authority that holds no certificate",
        "{server: 'https://a', proxy-url: '::'}|cluster `here` has the proxy-url `::`, which is none (hint: http://proxy.example:3128)"
      })
  void aServerThatCannotBeTrustedIsNamed(String cluster, String what) {
    assertThatThrownBy(() -> find(cluster, "{token: t}"))
        .isInstanceOf(UserError.class)
        .hasMessage(home.resolve("config") + ": error: " + what.replace("HOME", home.toString()));
  }

  @Test
  void aTokenFileIsReadBesideTheKubeconfig() throws IOException {
    Files.writeString(home.resolve("token"), "fresh\n");

    assertThat(token(find("{tokenFile: token}"))).isEqualTo("fresh");
    assertThat(token(find("{tokenFile: token, token: written}"))).isEqualTo("written");
  }

  @ParameterizedTest
  @CsvSource({"cluster,me", "here,user"})
  void aContextThatNamesWhatIsNotThereReachesNoServer(String cluster, String user)
      throws IOException {
    Path file = kubeconfig("{server: 'http://127.0.0.1:1'}", "{token: t}");
    Files.writeString(
        file,
        Files.readString(file)
            .replace(
                "{cluster: here, user: me}", "{cluster: %s, user: %s}".formatted(cluster, user)));

    assertThatThrownBy(() -> Kubeconfig.find(Optional.of(file), Optional.empty(), Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageMatching(
            ".*: error: context `dev` names the (cluster|user) `(cluster|user)`, which is not there");
  }

  @ParameterizedTest
  @ValueSource(strings = {"&a\napiVersion: v1\nclusters: [{name: here, cluster: *a}]\n", "[["})
  void aKubeconfigThatNestsWithoutEndIsNone(String text) throws IOException {
    Path file = Files.writeString(
        home.resolve("config"), text.equals("[[") ? "users: " + "[".repeat(200_000) : text);

    assertThatThrownBy(() -> Kubeconfig.find(Optional.of(file), Optional.empty(), Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file + ": error: ");
  }
}

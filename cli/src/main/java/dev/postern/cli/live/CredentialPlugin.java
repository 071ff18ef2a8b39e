package dev.postern.cli.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postern.cli.console.UserError;
import dev.postern.deadline.Deadline;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.api.model.ExecEnvVar;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A program that a kubeconfig names for its credentials, run as <a
 * href="https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins">client-go</a> does it: the
 * request is in {@code KUBERNETES_EXEC_INFO}, the answer on standard output. It cannot ask anything on a terminal. A plugin that fails,
 * says nothing, too much or something else, or does not end, is a {@link UserError} with its name and what it said.
 */
final class CredentialPlugin {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int MOST_SAID = 1 << 20;

  private static final String GROUP = "client.authentication.k8s.io/";

  private static final Set<String> VERSIONS = Set.of(GROUP + "v1", GROUP + "v1beta1");

  private final String owner;
  private final ExecConfig configured;
  private final Path kubeconfig;
  private final Map<String, String> environment;
  private final Duration patience;

  /**
   * The credentials that it gave.
   *
   * @param token empty if it gave none
   * @param certificate in PEM, empty if it gave none
   * @param key in PEM, empty if it gave none
   */
  record Answer(String token, String certificate, String key) {}

  CredentialPlugin(
      String owner, ExecConfig configured, Path kubeconfig, Map<String, String> environment) {
    this(owner, configured, kubeconfig, environment, Duration.ofMinutes(1));
  }

  /** A plugin that gets so much time. */
  CredentialPlugin(
      String owner,
      ExecConfig configured,
      Path kubeconfig,
      Map<String, String> environment,
      Duration patience) {
    this.owner = owner;
    this.configured = configured;
    this.kubeconfig = kubeconfig;
    this.environment = environment;
    this.patience = patience;
  }

  /**
   * Runs the plugin.
   *
   * @throws UserError if it gives no credentials
   */
  Answer ask(Cluster cluster) {
    if (configured.getCommand() == null || configured.getCommand().isEmpty()) {
      throw new UserError(
          kubeconfig + ": error: " + owner + " has a credential plugin without `command`");
    }
    if (!VERSIONS.contains(String.valueOf(configured.getApiVersion()))) {
      throw wrong("has the apiVersion `" + configured.getApiVersion()
          + "`, which is none of a credential plugin (hint: " + GROUP + "v1)");
    }
    if ("Always".equals(configured.getInteractiveMode())) {
      throw wrong(
          "wants to ask on a terminal, which Postern does not offer (hint: log in first, and set `interactiveMode: IfAvailable`)");
    }
    return answer(run(request(cluster)));
  }

  private String request(Cluster cluster) {
    ObjectNode request = JSON.createObjectNode();
    request.put("kind", "ExecCredential").put("apiVersion", configured.getApiVersion());
    ObjectNode spec = request.putObject("spec").put("interactive", false);
    if (Boolean.TRUE.equals(configured.getProvideClusterInfo())) {
      ObjectNode told = spec.putObject("cluster").put("server", cluster.getServer());
      put(told, "tls-server-name", cluster.getTlsServerName());
      put(told, "certificate-authority-data", cluster.getCertificateAuthorityData());
      put(told, "proxy-url", cluster.getProxyUrl());
      if (Boolean.TRUE.equals(cluster.getInsecureSkipTlsVerify())) {
        told.put("insecure-skip-tls-verify", true);
      }
      cluster.getExtensions().stream()
          .filter(each -> "client.authentication.k8s.io/exec".equals(each.getName()))
          .findFirst()
          .ifPresent(each -> told.set("config", JSON.valueToTree(each.getExtension())));
    }
    return request.toString();
  }

  private static void put(ObjectNode node, String field, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      node.put(field, value);
    }
  }

  private byte[] run(String request) {
    List<String> command = new ArrayList<>();
    command.add(program());
    command.addAll(configured.getArgs() == null ? List.of() : configured.getArgs());
    ProcessBuilder builder = new ProcessBuilder(command)
        .redirectInput(new File(File.separatorChar == '/' ? "/dev/null" : "NUL"));
    builder.environment().clear();
    builder.environment().putAll(environment);
    List<ExecEnvVar> added = configured.getEnv() == null ? List.of() : configured.getEnv();
    added.forEach(each ->
        builder.environment().put(each.getName(), each.getValue() == null ? "" : each.getValue()));
    builder.environment().put("KUBERNETES_EXEC_INFO", request);
    Process process;
    try {
      process = builder.start();
    } catch (IOException problem) {
      String hint = configured.getInstallHint();
      throw wrong("cannot be run: " + problem.getMessage()
          + (hint == null || hint.isBlank()
              ? ""
              : " (hint: " + hint.lines().map(String::strip).collect(Collectors.joining(" "))
                  + ")"));
    }
    CompletableFuture<byte[]> said = read(process.getErrorStream());
    try {
      byte[] out = read(process.getInputStream())
          .get(Deadline.current().atMost(patience).toNanos(), TimeUnit.NANOSECONDS);
      if (out.length > MOST_SAID) {
        throw wrong("says more than " + MOST_SAID + " bytes, which are no credentials");
      }
      if (!process.waitFor(Deadline.current().atMost(patience).toNanos(), TimeUnit.NANOSECONDS)) {
        throw late();
      }
      if (process.exitValue() != 0) {
        throw wrong("failed with exit status " + process.exitValue()
            + said(said.completeOnTimeout(new byte[0], 1, TimeUnit.SECONDS).get()));
      }
      return out;
    } catch (TimeoutException hangs) {
      throw late();
    } catch (ExecutionException problem) {
      throw wrong("cannot be read: " + Failure.reason(problem));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw wrong("was interrupted");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private UserError late() {
    Deadline.current().check();
    return wrong("did not end within " + Bounds.words(patience));
  }

  /** A name without a slash is looked for on the PATH, one with a slash from the kubeconfig on. */
  private String program() {
    String command = configured.getCommand();
    return command.indexOf('/') < 0 && command.indexOf(File.separatorChar) < 0
        ? command
        : kubeconfig.toAbsolutePath().resolveSibling(command).toString();
  }

  private static CompletableFuture<byte[]> read(InputStream stream) {
    CompletableFuture<byte[]> result = new CompletableFuture<>();
    Thread reader = new Thread(
        () -> {
          try (stream) {
            result.complete(stream.readNBytes(MOST_SAID + 1));
          } catch (IOException closed) {
            result.completeExceptionally(closed);
          }
        },
        "credential plugin");
    reader.setDaemon(true);
    reader.start();
    return result;
  }

  private static String said(byte[] text) {
    String words = new String(text, StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .limit(4)
        .collect(Collectors.joining(" "));
    return words.isEmpty() ? "" : ": " + words;
  }

  private Answer answer(byte[] out) {
    if (out.length == 0) {
      throw wrong("said nothing");
    }
    JsonNode answer;
    try {
      answer = JSON.readTree(new String(out, StandardCharsets.UTF_8));
    } catch (JsonProcessingException problem) {
      // What it said is not repeated: there may be a secret in it.
      throw wrong("answered with something that is no JSON");
    }
    if (!"ExecCredential".equals(answer.path("kind").textValue())
        || !configured.getApiVersion().equals(answer.path("apiVersion").textValue())) {
      throw wrong("answered with no ExecCredential of " + configured.getApiVersion());
    }
    JsonNode status = answer.path("status");
    Answer credentials = new Answer(
        text(status, "token"),
        text(status, "clientCertificateData"),
        text(status, "clientKeyData"));
    if (credentials.certificate().isEmpty() != credentials.key().isEmpty()) {
      throw wrong(
          credentials.key().isEmpty()
              ? "gave a certificate without its key"
              : "gave a key without its certificate");
    }
    if (credentials.token().isEmpty() && credentials.certificate().isEmpty()) {
      throw wrong("gave neither a token nor a certificate");
    }
    return credentials;
  }

  private static String text(JsonNode status, String field) {
    String value = status.path(field).textValue();
    return value == null ? "" : value;
  }

  private UserError wrong(String what) {
    return new UserError(kubeconfig + ": error: the credential plugin `" + configured.getCommand()
        + "` of " + owner + " " + what);
  }
}

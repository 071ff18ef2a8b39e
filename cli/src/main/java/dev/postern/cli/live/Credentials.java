package dev.postern.cli.live;

import dev.postern.cli.console.InputBound;
import dev.postern.cli.console.UserError;
import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.AuthInfoBuilder;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.ClusterBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files that a kubeconfig names and asks its credential plugin, as kubectl does. Whatever cannot be had is a {@link UserError}
 * that names it: a request without its credentials would be answered as anybody's.
 */
final class Credentials {

  private final Path kubeconfig;
  private final Map<String, String> environment;

  Credentials(Path kubeconfig, Map<String, String> environment) {
    this.kubeconfig = kubeconfig;
    this.environment = environment;
  }

  /** A server with its authority's certificates, if it has any of its own. */
  Cluster usable(String name, Cluster cluster) {
    String owner = "cluster `" + name + "`";
    if (cluster.getServer() == null || cluster.getServer().isBlank()) {
      throw wrong(owner, "names no server");
    }
    requireProxy(owner, cluster.getProxyUrl());
    ClusterBuilder result = new ClusterBuilder(cluster);
    Optional<byte[]> authority = data(
        owner,
        "certificate-authority",
        cluster.getCertificateAuthorityData(),
        cluster.getCertificateAuthority());
    authority.ifPresent(bytes -> {
      requireCertificate(owner, "certificate-authority", bytes);
      result
          .withCertificateAuthority(null)
          .withCertificateAuthorityData(Base64.getEncoder().encodeToString(bytes));
    });
    return result.build();
  }

  /** A user with everything that a request needs. */
  AuthInfo complete(String name, AuthInfo user, Cluster cluster) {
    String owner = "user `" + name + "`";
    AuthInfoBuilder result = new AuthInfoBuilder(user).withTokenFile(null).withExec(null);
    Optional<byte[]> certificate = data(
        owner, "client-certificate", user.getClientCertificateData(), user.getClientCertificate());
    Optional<byte[]> key = data(owner, "client-key", user.getClientKeyData(), user.getClientKey());
    if (certificate.isPresent() != key.isPresent()) {
      throw wrong(
          owner,
          certificate.isPresent()
              ? "has a client-certificate and no client-key"
              : "has a client-key and no client-certificate");
    }
    certificate.ifPresent(bytes -> requireCertificate(owner, "client-certificate", bytes));
    String token = token(owner, user);
    // kubectl took out all but this one, which Fabric8 asks.
    if (user.getAuthProvider() != null
        && token.isEmpty()
        && !"oidc".equals(user.getAuthProvider().getName())) {
      throw wrong(
          owner,
          "has the auth-provider `" + user.getAuthProvider().getName()
              + "`, which kubectl took out in 1.26 (hint: use its credential plugin, under `exec`)");
    }
    if (user.getExec() != null && token.isEmpty()) {
      CredentialPlugin.Answer answer =
          new CredentialPlugin(owner, user.getExec(), kubeconfig, environment).ask(cluster);
      token = answer.token();
      if (!answer.certificate().isEmpty()) {
        certificate = Optional.of(answer.certificate().getBytes(StandardCharsets.UTF_8));
        key = Optional.of(answer.key().getBytes(StandardCharsets.UTF_8));
        requireCertificate(owner, "client-certificate", certificate.get());
      }
    }
    requireHeader(owner, token);
    result.withToken(token.isEmpty() ? null : token);
    if (certificate.isPresent() && key.isPresent()) {
      result
          .withClientCertificate(null)
          .withClientCertificateData(Base64.getEncoder().encodeToString(certificate.get()))
          .withClientKey(null)
          .withClientKeyData(Base64.getEncoder().encodeToString(key.get()));
    }
    return result.build();
  }

  /** A token that is written counts before one in a file, which kubectl only reads again later. */
  private String token(String owner, AuthInfo user) {
    if (user.getToken() != null && !user.getToken().isEmpty()) {
      return user.getToken();
    }
    if (user.getTokenFile() == null || user.getTokenFile().isEmpty()) {
      return "";
    }
    String token =
        new String(file(owner, "tokenFile", user.getTokenFile()), StandardCharsets.UTF_8).strip();
    if (token.isEmpty()) {
      throw wrong(
          owner, "names the tokenFile " + resolved(user.getTokenFile()) + ", which is empty");
    }
    return token;
  }

  /** What is written itself counts before what is in a file. */
  private Optional<byte[]> data(
      String owner, String field, @Nullable String base64, @Nullable String file) {
    if (base64 != null && !base64.isEmpty()) {
      try {
        return Optional.of(Base64.getMimeDecoder().decode(base64));
      } catch (IllegalArgumentException problem) {
        throw wrong(owner, "has " + field + "-data that is no base64: " + problem.getMessage());
      }
    }
    return file == null || file.isEmpty()
        ? Optional.empty()
        : Optional.of(file(owner, field, file));
  }

  private byte[] file(String owner, String field, String name) {
    Path path = resolved(name);
    try {
      return InputBound.WRITTEN.of(path);
    } catch (NoSuchFileException missing) {
      throw wrong(owner, "names the " + field + " " + path + ", which is not there");
    } catch (IOException problem) {
      throw wrong(
          owner,
          "names the " + field + " " + path + ", which cannot be read: " + problem.getMessage());
    }
  }

  private Path resolved(String name) {
    return kubeconfig.toAbsolutePath().resolveSibling(name);
  }

  private void requireCertificate(String owner, String field, byte[] bytes) {
    try {
      if (CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(bytes))
          .isEmpty()) {
        throw wrong(owner, "has a " + field + " that holds no certificate");
      }
    } catch (CertificateException problem) {
      throw wrong(owner, "has a " + field + " that holds no certificate");
    }
  }

  private void requireProxy(String owner, @Nullable String url) {
    if (url == null || url.isEmpty()) {
      return;
    }
    try {
      URI proxy = new URI(url);
      if (proxy.getHost() != null
          && Set.of("http", "https", "socks5").contains(String.valueOf(proxy.getScheme()))) {
        return;
      }
    } catch (URISyntaxException problem) {
      // Said below.
    }
    throw wrong(
        owner, "has the proxy-url `" + url + "`, which is none (hint: http://proxy.example:3128)");
  }

  private void requireHeader(String owner, String token) {
    if (!token.chars().allMatch(each -> each > ' ' && each < 0x7f)) {
      throw wrong(owner, "has a token with characters that no request can carry");
    }
  }

  private UserError wrong(String owner, String what) {
    return new UserError(kubeconfig + ": error: " + owner + " " + what);
  }
}

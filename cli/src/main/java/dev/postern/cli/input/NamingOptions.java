package dev.postern.cli.input;

import dev.postern.cli.console.UserError;
import dev.postern.service.ClusterNames;
import dev.postern.verify.Verifier;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option of every command that takes names of Services: the domain under which the cluster's DNS has them. */
public final class NamingOptions {

  private static final String DOMAIN =
      "(?i)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\\.?";

  @Option(
      names = "--cluster-domain",
      paramLabel = "<domain>",
      description =
          "The domain of the cluster's DNS names, as db.shop.svc.<domain>; default: cluster.local.")
  private String clusterDomain = ClusterNames.DEFAULT_DOMAIN;

  /**
   * The cluster's domain.
   *
   * @throws UserError if it is none
   */
  public String domain() {
    // The default is asked for by every start.
    if (!clusterDomain.equals(ClusterNames.DEFAULT_DOMAIN) && !clusterDomain.matches(DOMAIN)) {
      throw new UserError("postern: error: --cluster-domain: `" + clusterDomain
          + "` is no DNS domain (hint: write it as cluster.local)");
    }
    return clusterDomain;
  }

  /**
   * A verifier that knows the cluster's domain, and looks other names up where the command line says.
   *
   * @throws UserError if the domain is none
   */
  public Verifier verifier(Verifier verifier, Optional<String> namespace) {
    Verifier named = domain().equals(ClusterNames.DEFAULT_DOMAIN)
        ? verifier
        : verifier.withClusterDomain(clusterDomain);
    return namespace.map(named::inNamespace).orElse(named);
  }
}

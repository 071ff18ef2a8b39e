package dev.postern.cli.reading;

import dev.postern.cli.console.UserError;
import dev.postern.cli.selection.DataplaneNames;
import dev.postern.cli.selection.Settings;
import dev.postern.dataplane.Dataplane;
import dev.postern.dataplane.KubeProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what is to enforce the policies. */
public final class DataplaneOptions {

  @Option(
      names = "--dataplane",
      paramLabel = "<name>",
      split = ",",
      description =
          "What enforces the policies, as calico, cilium@1.16 or ovn-kubernetes: answers read what the API leaves open as it does, and lint says what it does not enforce. Lint takes several, or all.")
  private List<String> dataplanes = new ArrayList<>();

  @Option(
      names = "--kube-proxy",
      paramLabel = "<mode>",
      description =
          "How nodes serve Services: iptables, ipvs, nftables, or ebpf where the dataplane replaces kube-proxy.")
  private @Nullable String kubeProxy;

  /**
   * The dataplanes that the user names, the options' word over the settings'.
   *
   * @throws UserError if there is none of a name
   */
  public List<Dataplane> of(Settings settings) {
    Optional<KubeProxy> way = kubeProxy(settings);
    List<Dataplane> named = dataplanes.isEmpty()
        ? settings.dataplanes()
        : dataplanes.stream().flatMap(name -> dataplanes(name).stream()).toList();
    return way.isEmpty()
        ? named
        : named.stream().map(dataplane -> dataplane.under(way.get())).toList();
  }

  /**
   * The one dataplane that answers are about; if only the way is known in which Services are served, a nameless one.
   *
   * @throws UserError if the options name more than one
   */
  Optional<Dataplane> one(Settings settings) {
    List<Dataplane> named = of(settings);
    if (named.size() > 1 && !dataplanes.isEmpty()) {
      throw new UserError(
          "postern: error: an answer is about one dataplane, and --dataplane names several (hint: lint takes several)");
    }
    if (named.size() == 1) {
      return Optional.of(named.get(0));
    }
    return kubeProxy(settings)
        .map(way -> new Dataplane("kube-proxy " + way.word(), List.of()).under(way));
  }

  /**
   * How nodes serve Services, the option's word over the settings'; empty if nobody says it.
   *
   * @throws UserError if there is no such way
   */
  Optional<KubeProxy> kubeProxy(Settings settings) {
    if (kubeProxy == null) {
      return settings.kubeProxy();
    }
    return Optional.of(KubeProxy.named(kubeProxy)
        .orElseThrow(() -> new UserError("postern: error: --kube-proxy: `" + kubeProxy
            + "` is no way to serve Services (hint: " + DataplaneNames.ways() + ")")));
  }

  private static List<Dataplane> dataplanes(String name) {
    return DataplaneNames.of(name)
        .orElseThrow(() -> new UserError("postern: error: " + DataplaneNames.problem(name)
            + " (hint: " + DataplaneNames.hint(name) + ")"));
  }
}

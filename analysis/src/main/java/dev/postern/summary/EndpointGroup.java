package dev.postern.summary;

import dev.postern.diagnostic.ShortList;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.reach.Endpoint;
import java.util.List;

/** Endpoints that go by one phrase; where questions have words for them, in those words. */
public sealed interface EndpointGroup {

  /** Every pod that there is. */
  record EveryPod() implements EndpointGroup {
    @Override
    public String toString() {
      return "every pod";
    }
  }

  /** Every pod of the namespaces with a label. */
  record NamespacesWith(String key, String value) implements EndpointGroup {
    @Override
    public String toString() {
      return "pods in namespaces " + key + "=" + value;
    }
  }

  /** Every pod of a namespace. */
  record OfNamespace(String name) implements EndpointGroup {
    @Override
    public String toString() {
      return "namespace " + name;
    }
  }

  /** Every pod with a label, in whichever namespace. */
  record PodsWith(String key, String value) implements EndpointGroup {
    @Override
    public String toString() {
      return "pods " + key + "=" + value;
    }
  }

  /** Every pod with a label in one namespace. */
  record PodsIn(String namespace, String key, String value) implements EndpointGroup {
    @Override
    public String toString() {
      return "pods " + key + "=" + value + " in " + namespace;
    }
  }

  /** One endpoint inside the cluster, or the controller that ways in lead through. */
  record One(Endpoint endpoint) implements EndpointGroup {
    @Override
    public String toString() {
      return endpoint.id();
    }
  }

  /**
   * Addresses outside the cluster.
   *
   * @param addresses which
   * @param others the addresses outside that are not among them
   */
  record Outside(AddressSet addresses, AddressSet others) implements EndpointGroup {

    /** So many blocks are named one by one. */
    private static final int NAMED = 4;

    /** Whether every address outside is meant. */
    public boolean isEverything() {
      return others.isEmpty();
    }

    @Override
    public String toString() {
      if (isEverything()) {
        return "the internet";
      }
      List<Cidr> in = addresses.cidrs();
      List<Cidr> out = others.cidrs();
      return out.size() < in.size() && out.size() <= NAMED
          ? "the internet but " + words(out)
          : words(in);
    }

    private static String words(List<Cidr> blocks) {
      return blocks.stream().map(Outside::words).collect(ShortList.ofFirst(NAMED));
    }

    private static String words(Cidr block) {
      return block.prefix() == block.family().bits()
          ? block.network().toString()
          : block.toString();
    }
  }
}

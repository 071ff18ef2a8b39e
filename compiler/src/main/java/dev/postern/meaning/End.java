package dev.postern.meaning;

import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.net.Address;
import java.util.Optional;

/** One end of a flow. */
public sealed interface End {

  /** Asks what to make of each kind of end. */
  <R> R on(Cases<R> cases);

  /** One answer for each kind of end. */
  interface Cases<R> {
    R inPod(InPod end);

    R outside(Outside end);

    R domainName(DomainName end);

    R ingressController(IngressController end);
  }

  /**
   * A pod.
   *
   * @param workload what it belongs to
   * @param pod the pod; empty for a workload's template, of which no pod is known
   * @param address the pod's address that the flow uses; empty if none is known, and then no address block matches it
   */
  record InPod(Workload workload, Optional<Pod> pod, Optional<Address> address) implements End {

    /** @throws IllegalArgumentException if a template is to have an address */
    public InPod {
      if (pod.isEmpty() && address.isPresent()) {
        throw new IllegalArgumentException("a template has no address: " + workload.id());
      }
    }

    /** The template of a workload. */
    public static InPod template(Workload workload) {
      return new InPod(workload, Optional.empty(), Optional.empty());
    }

    @Override
    public <R> R on(Cases<R> cases) {
      return cases.inPod(this);
    }

    @Override
    public String toString() {
      String name = pod.map(p -> workload.namespace() + "/" + p.name()).orElse(workload.id());
      return address.map(a -> name + " (" + a + ")").orElse(name);
    }
  }

  /** An address that no pod has: outside the cluster, or a node's. */
  record Outside(Address address) implements End {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.outside(this);
    }

    @Override
    public String toString() {
      return address.toString();
    }
  }

  /** A DNS name outside the cluster, whose addresses are not known. */
  record DomainName(String name) implements End {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.domainName(this);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** The pods of an ingress controller that the manifests do not hold: of unknown labels, namespace and address. */
  record IngressController() implements End {
    @Override
    public <R> R on(Cases<R> cases) {
      return cases.ingressController(this);
    }

    @Override
    public String toString() {
      return "ingress-controller";
    }
  }
}

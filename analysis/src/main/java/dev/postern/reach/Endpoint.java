package dev.postern.reach;

import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.net.AddressRange;
import java.util.List;

/** One line of a connectivity matrix. */
public sealed interface Endpoint {

  /** Unique in its matrix: {@code namespace/name}, {@code namespace/owner[pod]}, {@code first-last}, or {@code ingress-controller}. */
  String id();

  /** What it is: the workload's kind, {@code External} or {@code IngressController}. */
  String kind();

  /**
   * Pods of one workload that behave alike.
   *
   * @param id {@code namespace/name}; {@code namespace/owner[pod]}, with the first of the pods, if the workload's pods do not all behave
   *     alike; {@code namespace/name[kind]} if another kind of workload has the name too
   * @param workload their workload
   * @param pods the pods that exist; none for a template of which none is known
   */
  record Pods(String id, Workload workload, List<Pod> pods) implements Endpoint {
    public Pods {
      pods = List.copyOf(pods);
    }

    @Override
    public String kind() {
      return workload.kind();
    }

    @Override
    public String toString() {
      return id;
    }
  }

  /**
   * Addresses that no pod has and that no policy tells apart.
   *
   * @param id {@code first-last}
   * @param range the addresses
   */
  record External(String id, AddressRange range) implements Endpoint {

    public External(AddressRange range) {
      this(range.toString(), range);
    }

    @Override
    public String kind() {
      return "External";
    }

    @Override
    public String toString() {
      return id;
    }
  }

  /** The controller that the ways in lead through, where the manifests do not hold its pods. */
  record IngressController() implements Endpoint {
    @Override
    public String id() {
      return "ingress-controller";
    }

    @Override
    public String kind() {
      return "IngressController";
    }

    @Override
    public String toString() {
      return id();
    }
  }
}

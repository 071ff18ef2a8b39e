package dev.postern.plan;

import dev.postern.algebra.ClassSet;
import dev.postern.algebra.RunningTotals;
import dev.postern.cluster.Cluster;
import dev.postern.meaning.End;
import dev.postern.meaning.Options;
import dev.postern.net.Address;
import dev.postern.net.AddressRange;
import dev.postern.net.AddressSet;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The classes of endpoints that no policy can tell apart. An endpoint is one address of a pod, or a pod of which no address is known.
 *
 * <p>Classes 0 to {@link #inside()}-1 hold the endpoints of the cluster in namespace order, pods on the host network last; classes
 * {@link #inside()} to {@link #size()}-1 are consecutive ranges of addresses that no pod has, IPv4 then IPv6, which together are the whole
 * address space.
 */
public final class Classes {

  private final EndpointList endpoints;
  private final int[] classOf;
  private final int[] memberStarts;
  private final int[] members;
  private final int inside;
  private final AddressAtoms atoms;

  Classes(EndpointList endpoints, int[] classOf, int inside, AddressAtoms atoms) {
    this.endpoints = endpoints;
    this.classOf = classOf;
    this.inside = inside;
    this.atoms = atoms;
    this.memberStarts = new int[inside + 1];
    for (int number : classOf) {
      memberStarts[number + 1]++;
    }
    RunningTotals.sum(memberStarts);
    this.members = new int[classOf.length];
    int[] next = memberStarts.clone();
    for (int endpoint = 0; endpoint < classOf.length; endpoint++) {
      members[next[classOf[endpoint]]++] = endpoint;
    }
  }

  /** The classes of a cluster under these options. */
  public static Classes of(Cluster cluster, Options options) {
    return Classification.of(cluster, options).classes();
  }

  /** How many classes, inside and outside. */
  public int size() {
    return inside + atoms.size();
  }

  /** How many classes of endpoints in the cluster. */
  public int inside() {
    return inside;
  }

  /** All classes. */
  public ClassSet everyone() {
    return ClassSet.range(0, size());
  }

  /** The classes of endpoints in the cluster. */
  public ClassSet insiders() {
    return ClassSet.range(0, inside);
  }

  /** The classes of addresses that no pod has. */
  public ClassSet outsiders() {
    return ClassSet.range(inside, size());
  }

  /** The endpoints of the cluster, by namespace, workload, pod and address; the index is the endpoint's number. */
  public List<End.InPod> endpoints() {
    return endpoints;
  }

  /** The number of the first endpoint of a workload, by its place in the cluster; the others of the workload follow. */
  public int firstOf(int workload) {
    return endpoints.start(workload);
  }

  /** The endpoints with what lies behind their numbers. */
  EndpointList list() {
    return endpoints;
  }

  AddressAtoms atoms() {
    return atoms;
  }

  /** Copies the classes of endpoints from one on. */
  void copyTo(int from, int[] classes, int to, int count) {
    System.arraycopy(classOf, from, classes, to, count);
  }

  /** The class of an endpoint, by its number. */
  public int classOf(int endpoint) {
    return classOf[endpoint];
  }

  /**
   * The class of an end.
   *
   * @throws IllegalArgumentException if the end is no endpoint of this cluster, or has no class since its address is not known
   */
  public int classOf(End end) {
    if (end instanceof End.InPod pod) {
      return classOf[endpoints.numberOf(pod)];
    }
    if (end instanceof End.Outside outside) {
      return classOf(outside.address());
    }
    throw new IllegalArgumentException("no address is known of " + end);
  }

  /** The class of an address that no pod has. */
  public int classOf(Address outside) {
    return inside + atoms.atomOf(outside);
  }

  /** The numbers of the endpoints in an inside class, ascending. */
  public IntStream members(int insideClass) {
    return Arrays.stream(members, memberStarts[insideClass], memberStarts[insideClass + 1]);
  }

  /** One endpoint of an inside class, to stand for all. */
  public End.InPod representative(int insideClass) {
    return endpoints.get(members[memberStarts[insideClass]]);
  }

  /** An end that stands for a class: an endpoint, or the first address of a range. */
  public End end(int number) {
    return number < inside
        ? representative(number)
        : new End.Outside(range(number).first());
  }

  public boolean isOutside(int number) {
    return number >= inside;
  }

  /** The addresses of an outside class. */
  public AddressRange range(int outsideClass) {
    return atoms.range(outsideClass - inside);
  }

  /** The outside classes that hold these addresses; each bound of the set must be one that a policy mentions. */
  ClassSet outside(AddressSet addresses) {
    ClassSet.Builder builder = new ClassSet.Builder();
    for (AddressRange range : addresses.ranges()) {
      builder.addRange(classOf(range.first()), classOf(range.last()) + 1);
    }
    return builder.build();
  }
}

package dev.postern.plan;

import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.net.Address;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.RandomAccess;

/**
 * All endpoints of a cluster, by namespace, workload, pod and address: every address of a pod, or the pod, or the template, where none is
 * known. An endpoint is made when asked for; what is kept of it is a number.
 */
final class EndpointList extends AbstractList<End.InPod> implements RandomAccess {

  private static final int NO_POD = -1;

  private final List<Workload> workloads;
  /** The first endpoint of each workload, and the end. */
  private final int[] starts;
  /** The place of each endpoint's pod in its workload. */
  private final int[] pods;
  /** Endpoints by hash, open addressing; empty until first asked for. */
  private volatile int[] index = {};

  EndpointList(List<Workload> workloads) {
    this.workloads = workloads;
    this.starts = new int[workloads.size() + 1];
    int[] places = new int[Math.max(16, workloads.size())];
    int size = 0;
    for (int w = 0; w < starts.length - 1; w++) {
      starts[w] = size;
      List<Pod> own = workloads.get(w).pods();
      for (int pod = own.isEmpty() ? NO_POD : 0; pod < own.size(); pod++) {
        int count = pod == NO_POD ? 1 : Math.max(1, own.get(pod).addresses().size());
        if (size + count > places.length) {
          places = Arrays.copyOf(places, 2 * (size + count));
        }
        for (int i = 0; i < count; i++) {
          places[size++] = pod;
        }
        if (pod == NO_POD) {
          break;
        }
      }
    }
    starts[starts.length - 1] = size;
    this.pods = Arrays.copyOf(places, size);
  }

  /**
   * Those of a later version of the cluster.
   *
   * @param earlier those of which most are the same
   * @param kept runs of workloads that both have, as the same objects: the place in the earlier version, in this one, and how many; ascending
   * @param came the places of all others in this version; ascending
   */
  EndpointList(
      List<Workload> workloads, EndpointList earlier, List<int[]> kept, List<Integer> came) {
    this.workloads = workloads;
    this.starts = new int[workloads.size() + 1];
    EndpointList others =
        new EndpointList(came.stream().<Workload>map(workloads::get).toList());
    int size = others.size();
    for (int[] run : kept) {
      size += earlier.starts[run[0] + run[2]] - earlier.starts[run[0]];
    }
    this.pods = new int[size];
    int next = 0;
    int run = 0;
    int other = 0;
    for (int place = 0; place < workloads.size(); ) {
      boolean isKept = run < kept.size() && kept.get(run)[1] == place;
      EndpointList from = isKept ? earlier : others;
      int first = isKept ? kept.get(run)[0] : other;
      int count = isKept ? kept.get(run++)[2] : 1;
      other += isKept ? 0 : 1;
      int shift = next - from.starts[first];
      int length = from.starts[first + count] - from.starts[first];
      System.arraycopy(from.pods, from.starts[first], pods, next, length);
      for (int i = 0; i < count; i++) {
        starts[place++] = from.starts[first + i] + shift;
      }
      next += length;
    }
    starts[workloads.size()] = size;
  }

  @Override
  public int size() {
    return pods.length;
  }

  List<Workload> workloads() {
    return workloads;
  }

  /** The first endpoint of a workload, by its place; of the place after the last, the number of endpoints. */
  int start(int workload) {
    return starts[workload];
  }

  private int workloadOf(int endpoint) {
    int at = Arrays.binarySearch(starts, endpoint);
    return at >= 0 ? at : -at - 2;
  }

  @Override
  public End.InPod get(int endpoint) {
    Workload workload = workloads.get(workloadOf(endpoint));
    return new End.InPod(workload, pod(workload, endpoint), address(workload, endpoint));
  }

  private Optional<Pod> pod(Workload workload, int endpoint) {
    return pods[endpoint] == NO_POD
        ? Optional.empty()
        : Optional.of(workload.pods().get(pods[endpoint]));
  }

  Optional<Address> address(Workload workload, int endpoint) {
    if (pods[endpoint] == NO_POD) {
      return Optional.empty();
    }
    List<Address> addresses = workload.pods().get(pods[endpoint]).addresses();
    return switch (addresses.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(addresses.get(0));
      default -> Optional.of(addresses.get(placeInPod(endpoint)));
    };
  }

  /** The node that an endpoint's pod runs on, if it is known. */
  Optional<String> node(Workload workload, int endpoint) {
    return pod(workload, endpoint).flatMap(Pod::node);
  }

  /** How many endpoints of the same pod precede this one. */
  private int placeInPod(int endpoint) {
    int first = starts[workloadOf(endpoint)];
    int place = 0;
    while (endpoint - place > first && pods[endpoint - place - 1] == pods[endpoint]) {
      place++;
    }
    return place;
  }

  /**
   * The number of an endpoint.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  int numberOf(End.InPod end) {
    int[] table = index();
    int slot = hash(end) & (table.length - 1);
    while (table[slot] >= 0) {
      if (isAt(end, table[slot])) {
        return table[slot];
      }
      slot = (slot + 1) & (table.length - 1);
    }
    throw new IllegalArgumentException("not in this cluster: " + end);
  }

  private boolean isAt(End.InPod end, int endpoint) {
    Workload workload = workloads.get(workloadOf(endpoint));
    return (workload == end.workload() || workload.equals(end.workload()))
        && pod(workload, endpoint).equals(end.pod())
        && address(workload, endpoint).equals(end.address());
  }

  private int[] index() {
    int[] known = index;
    if (known.length > 0) {
      return known;
    }
    int[] table = new int[Math.max(16, Integer.highestOneBit(pods.length) * 4)];
    Arrays.fill(table, -1);
    for (int endpoint = 0; endpoint < pods.length; endpoint++) {
      int slot = hash(get(endpoint)) & (table.length - 1);
      while (table[slot] >= 0) {
        slot = (slot + 1) & (table.length - 1);
      }
      table[slot] = endpoint;
    }
    index = table;
    return table;
  }

  /** Of names and address alone, whose hashes cost nothing: a workload's own hash goes over all its pods. */
  private static int hash(End.InPod end) {
    int hash =
        end.workload().namespace().hashCode() * 31 + end.workload().name().hashCode();
    if (end.pod().isPresent()) {
      hash = hash * 31 + end.pod().get().name().hashCode();
    }
    if (end.address().isPresent()) {
      long number = end.address().get().high() * 31 + end.address().get().low();
      hash = hash * 31 + Long.hashCode(number);
    }
    hash *= 0x9E3779B1;
    return hash ^ hash >>> 15;
  }
}

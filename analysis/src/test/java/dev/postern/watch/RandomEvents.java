package dev.postern.watch;

import dev.postern.cluster.ContainerPort;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.UnreadPolicy;
import dev.postern.diagnostic.Origin;
import dev.postern.manifest.ObjectEvent;
import dev.postern.manifest.ObjectName;
import dev.postern.net.Address;
import dev.postern.net.Protocol;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyKind;
import dev.postern.policy.Tier;
import dev.postern.selector.Labels;
import dev.postern.testing.Profile;
import dev.postern.testing.RandomCluster;
import dev.postern.watch.PlainCluster.Item;
import dev.postern.watch.PlainCluster.OfNamespace;
import dev.postern.watch.PlainCluster.OfNode;
import dev.postern.watch.PlainCluster.OfPod;
import dev.postern.watch.PlainCluster.OfPolicy;
import dev.postern.watch.PlainCluster.OfUnread;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What may happen to a cluster, told to a plain one and to whoever else wants to know. */
final class RandomEvents {

  private final Random random;
  private final PlainCluster plain;
  /** Objects of other clusters, which mostly have the names of objects that are here. */
  private final List<Item> strangers = new ArrayList<>();

  RandomEvents(Random random, PlainCluster plain) {
    this.random = random;
    this.plain = plain;
    for (int i = 0; i < 6; i++) {
      strangers.addAll(PlainCluster.items(RandomCluster.of(random.nextLong(), Profile.EVERYTHING)));
    }
  }

  ObjectEvent next() {
    List<Item> here = plain.items();
    int dice = random.nextInt(100);
    if (dice < 40 || here.isEmpty()) {
      return applied(strangers.get(random.nextInt(strangers.size())));
    }
    Item item = here.get(random.nextInt(here.size()));
    if (dice < 65) {
      return applied(edited(item));
    }
    ObjectName gone = dice < 95
        ? item.name()
        : new ObjectName(item.name().kind(), item.name().namespace(), "nobody");
    plain.remove(gone);
    return new ObjectEvent.Deleted(gone);
  }

  private ObjectEvent applied(Item item) {
    plain.put(item);
    return new ObjectEvent.Applied(item.object());
  }

  private Item edited(Item item) {
    if (item instanceof OfNamespace of) {
      Namespace namespace = of.namespace();
      return new OfNamespace(
          new Namespace(namespace.name(), relabelled(namespace.labels()), true, Origin.NONE));
    }
    if (item instanceof OfNode of) {
      Node node = of.node();
      return new OfNode(
          random.nextBoolean()
              ? new Node(node.name(), relabelled(node.labels()), node.addresses(), Origin.NONE)
              : new Node(node.name(), node.labels(), List.of(address()), Origin.NONE));
    }
    if (item instanceof OfPod of) {
      return edited(of);
    }
    if (item instanceof OfPolicy of) {
      return edited(of);
    }
    return item;
  }

  private Item edited(OfPod of) {
    Pod pod = of.pod();
    return switch (random.nextInt(6)) {
      case 0 -> new OfPod(of.owner(), relabelled(of.labels()), of.ports(), of.hostNetwork(), pod);
      case 1 ->
        new OfPod(
            of.owner(),
            of.labels(),
            List.of(new ContainerPort(
                random.nextBoolean() ? "http" : "dns",
                Protocol.TCP,
                random.nextBoolean() ? 80 : 53)),
            of.hostNetwork(),
            pod);
      case 2 ->
        new OfPod(
            of.owner(),
            of.labels(),
            of.ports(),
            of.hostNetwork(),
            pod.onNode(
                random.nextBoolean()
                    ? Optional.empty()
                    : Optional.of("node-" + random.nextInt(3))));
      case 3 -> new OfPod(of.owner(), of.labels(), of.ports(), !of.hostNetwork(), pod);
      case 4 ->
        new OfPod(
            new ObjectName("Deployment", of.owner().namespace(), "w" + random.nextInt(4)),
            of.labels(),
            of.ports(),
            of.hostNetwork(),
            pod);
      default ->
        new OfPod(
            of.owner(),
            of.labels(),
            of.ports(),
            of.hostNetwork(),
            new Pod(
                pod.name(),
                pod.node(),
                random.nextBoolean() ? List.of() : List.of(address()),
                pod.hostname(),
                Origin.NONE));
    };
  }

  /** Another priority, or an update that has an error. */
  private Item edited(OfPolicy of) {
    Policy policy = of.policy();
    if (policy.tier() == Tier.NETWORK_POLICY || random.nextBoolean()) {
      return new OfUnread(
          of.name(),
          new UnreadPolicy(
              UnreadPolicy.Cause.ERROR,
              policy.kind().apiVersion(),
              policy.kind().kind(),
              policy.namespace(),
              policy.name(),
              policy.subject(),
              Origin.NONE));
    }
    return new OfPolicy(new Policy(
        policy.kind(),
        policy.namespace(),
        policy.name(),
        policy.tier(),
        policy.kind() == PolicyKind.BASELINE_ADMIN_NETWORK_POLICY
            ? policy.priority()
            : random.nextInt(3),
        policy.subject(),
        policy.isolates(),
        policy.ingress(),
        policy.egress(),
        policy.origin()));
  }

  private Labels relabelled(Labels labels) {
    if (random.nextInt(8) == 0) {
      // Ways in then lead through it.
      return labels.with("app.kubernetes.io/name", "ingress-nginx");
    }
    List<String> keys = List.of("app", "tier", "team", "env");
    return labels.with(keys.get(random.nextInt(keys.size())), random.nextBoolean() ? "a" : "b");
  }

  private Address address() {
    return Address.ipv4(0x0A00_0000L + random.nextInt(4) * 0x0001_0000L + random.nextInt(8));
  }
}

package dev.postern.answer;

import dev.postern.cluster.Namespace;
import dev.postern.cluster.Node;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Service;
import dev.postern.cluster.Workload;
import dev.postern.net.AddressSet;
import dev.postern.question.BadSentence;
import dev.postern.question.KindWords;
import dev.postern.question.NearestNames;
import dev.postern.question.Party;
import dev.postern.reach.Connectivity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Finds what the names of one sentence mean in a cluster, or says what they could have been. */
final class PartyResolver {

  /** The kinds that say which addresses the API server has. */
  private static final Set<String> API_SERVER = Set.of("Service", "EndpointSlice", "Endpoints");

  private final Directory directory;
  private final Optional<String> namespace;
  private final String sentence;

  /**
   * Names in a sentence.
   *
   * @param namespace where names lie that give no namespace; empty to look everywhere
   */
  PartyResolver(Directory directory, Optional<String> namespace, String sentence) {
    this.directory = directory;
    this.namespace = namespace;
    this.sentence = sentence;
  }

  /** The sites of a party that is no Service; not empty. */
  List<Site> sites(Party party) {
    return party.on(new Party.Cases<>() {
      @Override
      public List<Site> named(Party.Named named) {
        return PartyResolver.this.named(named);
      }

      @Override
      public List<Site> pods(Party.Pods pods) {
        return PartyResolver.this.pods(pods);
      }

      @Override
      public List<Site> addresses(Party.Addresses addresses) {
        return Outsiders.sites(directory, addresses.addresses());
      }

      @Override
      public List<Site> internet(Party.Internet internet) {
        return Outsiders.internet(directory);
      }

      @Override
      public List<Site> service(Party.ServiceNamed service) {
        throw new BadSentence(
            sentence, service.span(), "a Service opens no connection", "name its workload");
      }

      @Override
      public List<Site> domainName(Party.DomainNamed name) {
        throw new IllegalArgumentException("a DNS name is a destination: " + name.name());
      }

      @Override
      public List<Site> anyone(Party.Anyone anyone) {
        return everyone();
      }

      @Override
      public List<Site> nodes(Party.Nodes nodes) {
        return Outsiders.sites(directory, nodeAddresses(nodes));
      }

      @Override
      public List<Site> apiServer(Party.ApiServer server) {
        AddressSet addresses = AddressSet.ofAddresses(apiServerService(server).endpoints().stream()
            .map(Service.SliceEndpoint::address)
            .toList());
        if (addresses.isEmpty()) {
          throw noApiServer(server);
        }
        return Outsiders.sites(directory, addresses);
      }

      @Override
      public List<Site> together(Party.Together several) {
        throw new IllegalArgumentException("parties are asked about one by one: " + several);
      }

      @Override
      public List<Site> hypothetical(Party.Hypothetical pod) {
        Workload workload = HypotheticalPods.workload(sentence, pod, namespace);
        return directory.workloads(Optional.of(workload.namespace())).stream()
            .filter(workload::equals)
            .findFirst()
            .map(there -> List.of(directory.site(there)))
            .orElseThrow(() -> new BadSentence(
                sentence,
                pod.span(),
                "a pod that need not be there has no place among those that are",
                "ask about it with `can` or `why`, or in a statement with `can` or `cannot`"));
      }
    });
  }

  /** Every workload, and every address of the families in use. */
  List<Site> everyone() {
    List<Site> sites = new ArrayList<>();
    directory.cluster().workloads().stream()
        .filter(workload -> !HypotheticalPods.isOne(workload))
        .forEach(workload -> sites.add(directory.site(workload)));
    sites.addAll(Outsiders.everyone(directory));
    return sites;
  }

  /** The Node objects that are meant; none if the manifests hold no Node. */
  List<Node> nodes(Party.Nodes party) {
    List<Node> nodes = directory.cluster().nodes();
    if (party.name().isEmpty()) {
      return nodes;
    }
    String name = party.name().get();
    List<Node> named = nodes.stream().filter(node -> node.name().equals(name)).toList();
    if (named.isEmpty()) {
      leftOut().named("Node", name, party.span()).ifPresent(PartyResolver::refuse);
      if (nodes.isEmpty()) {
        return nodes;
      }
      List<String> names = nodes.stream().map(Node::name).toList();
      throw new BadSentence(
          sentence,
          party.span(),
          "there is no node `" + name + "`",
          UnresolvedNames.didYouMean(NearestNames.of(name, names))
              .orElse("the nodes are " + UnresolvedNames.listed(names)));
    }
    return named;
  }

  /** The addresses that the Node objects list. */
  AddressSet nodeAddresses(Party.Nodes party) {
    return AddressSet.ofAddresses(
        nodes(party).stream().flatMap(node -> node.addresses().stream()).toList());
  }

  /** The Service by which pods reach the API server. */
  Service apiServerService(Party.ApiServer server) {
    return directory.cluster().services().stream()
        .filter(service -> service.id().equals("default/kubernetes"))
        .findFirst()
        .orElseThrow(() -> noApiServer(server));
  }

  private BadSentence noApiServer(Party.ApiServer server) {
    return leftOut()
        .named(
            Optional.of("default"),
            "kubernetes",
            each -> API_SERVER.contains(each.kind()),
            server.span())
        .orElseGet(() -> unknownApiServer(server));
  }

  private BadSentence unknownApiServer(Party.ApiServer server) {
    return new BadSentence(
        sentence,
        server.span(),
        "no manifest says which addresses the API server has",
        "write its address and port, as `192.0.2.1:6443`, or give the Service and the EndpointSlice `kubernetes` of namespace `default`");
  }

  private List<Site> named(Party.Named named) {
    List<Workload> workloads = directory.workloads(in(named.namespace())).stream()
        .filter(w -> directory.isNamed(w, named.name()) && isOfKind(w, named))
        .toList();
    if (!workloads.isEmpty()) {
      unique(named, "workload", workloads.stream().map(Workload::namespace));
      return workloads.stream().map(directory::site).toList();
    }
    if (named.kind().isPresent() && !isPod(named)) {
      throw unresolved(named);
    }
    List<Site> pods = new ArrayList<>();
    TreeSet<String> namespaces = new TreeSet<>();
    for (Workload workload : directory.workloads(in(named.namespace()))) {
      for (Pod pod : workload.pods()) {
        if (pod.name().equals(named.name())) {
          pods.add(directory.site(workload, pod));
          namespaces.add(workload.namespace());
        }
      }
    }
    if (pods.isEmpty()) {
      Site controller = Outsiders.ingressController();
      if (named.kind().isEmpty()
          && named.toString().equals(controller.name())
          && Connectivity.needsController(directory.cluster())) {
        return List.of(controller);
      }
      throw unresolved(named);
    }
    unique(named, "pod", namespaces.stream());
    return pods;
  }

  private static boolean isPod(Party.Named named) {
    return named.kind().equals(Optional.of(KindWords.POD));
  }

  private static boolean isOfKind(Workload workload, Party.Named named) {
    return named.kind().map(workload.kind()::equals).orElse(true);
  }

  private Optional<String> in(Optional<String> said) {
    return said.or(() -> namespace);
  }

  private void unique(Party.Named named, String what, Stream<String> namespaces) {
    List<String> all = namespaces.distinct().toList();
    if (all.size() > 1) {
      throw new BadSentence(
          sentence,
          named.span(),
          "there is a " + what + " `" + named.name() + "` in " + UnresolvedNames.listed(all),
          "say which, as `" + all.get(0) + "/" + named.name() + "`");
    }
  }

  private BadSentence unresolved(Party.Named named) {
    return new UnresolvedNames(directory, in(named.namespace()), sentence).problem(named);
  }

  private LeftOutObjects leftOut() {
    return new LeftOutObjects(directory.cluster(), sentence);
  }

  private static void refuse(BadSentence problem) {
    throw problem;
  }

  private List<Site> pods(Party.Pods pods) {
    List<Workload> inScope = directory.cluster().workloads().stream()
        .filter(w -> scope(pods).test(directory.cluster().namespace(w.namespace())))
        .filter(w -> !HypotheticalPods.isOne(w))
        .toList();
    List<Site> sites = inScope.stream()
        .filter(w -> pods.selector().matches(w.labels()))
        .map(directory::site)
        .toList();
    if (sites.isEmpty() && perhaps(pods).isEmpty()) {
      leftOut()
          .podsIn(
              namespace -> scope(pods).test(directory.cluster().namespace(namespace)), pods.span())
          .ifPresent(PartyResolver::refuse);
      throw new BadSentence(
          sentence,
          pods.span(),
          inScope.isEmpty() ? "no pod is there" : "no pod there matches `" + pods.selector() + "`",
          inScope.isEmpty()
              ? "the manifests hold no workload in it"
              : UnresolvedNames.labels(pods, inScope));
    }
    return sites;
  }

  /** Pods that are meant or not, since no manifest says which labels their namespaces have. */
  List<Workload> perhaps(Party party) {
    if (!(party instanceof Party.Pods pods
        && pods.scope() instanceof Party.NamespaceScope.Matching matching)) {
      return List.of();
    }
    return directory.cluster().workloads().stream()
        .filter(
            w -> directory.cluster().namespace(w.namespace()).perhapsMatches(matching.selector()))
        .filter(w -> pods.selector().matches(w.labels()) && !HypotheticalPods.isOne(w))
        .toList();
  }

  private Predicate<Namespace> scope(Party.Pods pods) {
    if (pods.scope() instanceof Party.NamespaceScope.In in) {
      for (String name : in.namespaces()) {
        if (!directory.cluster().namespaces().containsKey(name)) {
          throw UnresolvedNames.namespace(directory.cluster(), sentence, pods.span(), name);
        }
      }
      return n -> in.namespaces().contains(n.name());
    }
    if (pods.scope() instanceof Party.NamespaceScope.Matching matching) {
      return n -> matching.selector().matches(n.labels()) && !n.perhapsMatches(matching.selector());
    }
    return n -> namespace.isEmpty() || namespace.get().equals(n.name());
  }

  /** The Service of that name. */
  Service service(Party.ServiceNamed named) {
    List<Service> services = directory.services(in(named.namespace()), named.name());
    if (services.size() == 1) {
      return services.get(0);
    }
    if (services.size() > 1) {
      throw new BadSentence(
          sentence,
          named.span(),
          "there is a Service `" + named.name() + "` in "
              + UnresolvedNames.listed(services.stream().map(Service::namespace).toList()),
          "say which, as `service " + services.get(0).id() + "`");
    }
    leftOut()
        .named(
            in(named.namespace()),
            named.name(),
            each -> each.kind().equals("Service"),
            named.span())
        .ifPresent(PartyResolver::refuse);
    Function<Service, String> name = named.namespace().isPresent() ? Service::id : Service::name;
    String asked = named.toString().substring("service ".length());
    throw new BadSentence(
        sentence,
        named.span(),
        "there is no Service `" + asked + "`",
        UnresolvedNames.didYouMean(NearestNames.of(
                asked, directory.cluster().services().stream().map(name).toList()))
            .orElse(""));
  }
}

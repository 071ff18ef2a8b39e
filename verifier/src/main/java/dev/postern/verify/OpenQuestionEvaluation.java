package dev.postern.verify;

import dev.postern.answer.Analysis;
import dev.postern.cluster.Namespace;
import dev.postern.net.AddressSet;
import dev.postern.openworld.OpenOutcome;
import dev.postern.openworld.OpenWorld;
import dev.postern.openworld.Role;
import dev.postern.policy.NamespaceSelection;
import dev.postern.question.BadSentence;
import dev.postern.question.NearestNames;
import dev.postern.question.Party;
import dev.postern.question.Quantifier;
import dev.postern.question.Question;
import dev.postern.reach.NotRead;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import dev.postern.service.ClusterNames;
import dev.postern.solver.Limits;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** An open-world question: its parties become roles. */
final class OpenQuestionEvaluation {

  private final OpenWorld world;
  private final Analysis analysis;
  private final Question.Can question;
  private final List<Role> sources;
  private final List<Role> destinations;

  OpenQuestionEvaluation(OpenWorld world, Analysis analysis, Question.Can question) {
    this.world = world;
    this.analysis = analysis;
    this.question = question;
    if (!question.asked().names().isEmpty()) {
      throw new BadSentence(
          question.text(),
          question.asked().names().get(0).span(),
          "a port's name may stand for any number on a pod that could come",
          "write the number");
    }
    this.sources = roles(question.source());
    this.destinations = roles(question.destination());
  }

  OpenAnswer answer(Limits limits) {
    OpenOutcome outcome = new OpenOutcome.Never(List.of());
    for (Role source : sources) {
      for (Role destination : destinations) {
        OpenOutcome next = world.ask(source, destination, question.asked().traffic(), limits);
        if (next instanceof OpenOutcome.Possible) {
          return answer(next);
        }
        outcome = neither(outcome, next);
      }
    }
    return answer(outcome);
  }

  /** What two outcomes say together, of which none is possible. */
  private static OpenOutcome neither(OpenOutcome one, OpenOutcome other) {
    return one instanceof OpenOutcome.Never first && other instanceof OpenOutcome.Never second
        ? new OpenOutcome.Never(Stream.concat(first.because().stream(), second.because().stream())
            .distinct()
            .toList())
        : one instanceof OpenOutcome.Never ? other : one;
  }

  private OpenAnswer answer(OpenOutcome decided) {
    OpenOutcome outcome = decided instanceof OpenOutcome.Never ? unlessPerhaps(decided) : decided;
    return new OpenAnswer(question, outcome, Optional.empty(), analysis.cluster());
  }

  /** A pod of a namespace of which no manifest says the labels may be one of those that are meant. */
  private OpenOutcome unlessPerhaps(OpenOutcome never) {
    List<String> perhaps = analysis.cluster().namespaces().values().stream()
        .filter(namespace -> Stream.of(question.source(), question.destination())
            .anyMatch(party -> party instanceof Party.Pods pods
                && pods.scope() instanceof Party.NamespaceScope.Matching matching
                && namespace.perhapsMatches(matching.selector())))
        .map(Namespace::name)
        .toList();
    return perhaps.isEmpty()
        ? never
        : new OpenOutcome.Undecided("it depends on the labels of " + NotRead.namespaces(perhaps)
            + ", which no manifest declares");
  }

  /** The answer, and where it is never so, why. */
  OpenAnswer why(Limits limits) {
    OpenAnswer answer = answer(limits);
    if (!(answer.outcome() instanceof OpenOutcome.Never)) {
      return answer;
    }
    if (sources.size() > 1 || destinations.size() > 1) {
      throw refused(
          sources.size() > 1 ? question.source() : question.destination(),
          "what blocks several of them at once is not said",
          "ask about each on its own");
    }
    return new OpenAnswer(
        question,
        answer.outcome(),
        world.blocking(sources.get(0), destinations.get(0), question.asked().traffic(), limits),
        analysis.cluster());
  }

  private List<Role> roles(Party party) {
    return party.each().stream()
        .flatMap(each -> each instanceof Party.Anyone ? everyone() : Stream.of(role(each)))
        .toList();
  }

  private static Stream<Role> everyone() {
    return Stream.of(
        new Role.AnyPod(NamespaceSelection.ALL, Selector.EVERYTHING),
        new Role.AnyAddress(AddressSet.ALL));
  }

  private Role role(Party party) {
    return party.on(new Party.Cases<>() {
      @Override
      public Role named(Party.Named named) {
        return new Role.Existing(analysis.ends(question, named));
      }

      @Override
      public Role pods(Party.Pods pods) {
        known(pods);
        if (pods.quantifier() == Quantifier.EVERY) {
          throw refused(
              pods,
              "who could come cannot be asked one by one",
              "write `any pod`: could there be one?");
        }
        return new Role.AnyPod(namespaces(pods.scope()), pods.selector());
      }

      @Override
      public Role addresses(Party.Addresses addresses) {
        return role(addresses, addresses.addresses());
      }

      @Override
      public Role internet(Party.Internet internet) {
        return new Role.AnyAddress(new AddressSet(analysis.ranges(question, internet)));
      }

      @Override
      public Role service(Party.ServiceNamed service) {
        throw refused(
            service,
            "policies see the pods behind a Service",
            "name the workload, or its pods by label");
      }

      @Override
      public Role anyone(Party.Anyone anyone) {
        throw new IllegalArgumentException("that is more than one role: " + anyone);
      }

      @Override
      public Role together(Party.Together several) {
        throw new IllegalArgumentException("that is more than one role: " + several);
      }

      @Override
      public Role hypothetical(Party.Hypothetical pod) {
        throw refused(
            pod,
            "`a pod` of these labels is one pod, and this is about all that could come",
            "write `pods ...` for all with such labels");
      }

      @Override
      public Role nodes(Party.Nodes nodes) {
        throw refused(
            nodes, "which addresses nodes to come will have is not known", "write their CIDR");
      }

      @Override
      public Role apiServer(Party.ApiServer server) {
        throw refused(
            server, "which addresses the API server will have is not known", "write its address");
      }

      @Override
      public Role domainName(Party.DomainNamed name) {
        ClusterNames.Meaning meaning = analysis.names().meaning(name.name());
        if (meaning instanceof ClusterNames.Meaning.Missing missing) {
          throw refused(name, missing.problem(), missing.hint());
        }
        if (meaning instanceof ClusterNames.Meaning.OfAddress of) {
          return role(name, AddressSet.ofAddresses(List.of(of.address())));
        }
        if (meaning instanceof ClusterNames.Meaning.Outside) {
          throw refused(
              name, "the addresses of a DNS name are not known", "write `internet`, or a CIDR");
        }
        throw refused(
            name,
            "`" + name.name() + "` is a name of a Service, and policies see the pods behind it",
            "name the workload, or its pods by label");
      }
    });
  }

  /** Addresses, less those that lead to Services if they are called: whoever is there is behind the Service. */
  private Role role(Party party, AddressSet addresses) {
    AddressSet own = question.destination().each().contains(party)
        ? addresses.minus(analysis.serviceAddresses().all())
        : addresses;
    if (own.isEmpty()) {
      throw refused(
          party,
          "that is the address of a Service, and policies see the pods behind it",
          "name the workload, or its pods by label");
    }
    return new Role.AnyAddress(own);
  }

  /** Whoever could come, comes into a namespace that is there, or that some policy waits for: another is a slip of the pen. */
  private void known(Party.Pods pods) {
    if (!(pods.scope() instanceof Party.NamespaceScope.In in)) {
      return;
    }
    Set<String> names = new TreeSet<>(analysis.cluster().namespaces().keySet());
    analysis.cluster().policies().forEach(policy -> names.addAll(NamespaceNames.in(policy)));
    for (String name : in.namespaces()) {
      if (!names.contains(name)) {
        throw refused(
            pods,
            "there is no namespace `" + name + "`, and no policy names it",
            NearestNames.of(name, names).stream()
                .findFirst()
                .map(near -> "did you mean `" + near + "`?")
                .orElse(""));
      }
    }
  }

  private NamespaceSelection namespaces(Party.NamespaceScope scope) {
    if (scope instanceof Party.NamespaceScope.Matching matching) {
      return new NamespaceSelection.Matching(matching.selector());
    }
    if (scope instanceof Party.NamespaceScope.In in) {
      return named(in.namespaces());
    }
    return analysis.namespace().map(only -> named(List.of(only))).orElse(NamespaceSelection.ALL);
  }

  private static NamespaceSelection named(List<String> names) {
    return names.size() == 1
        ? new NamespaceSelection.Named(names.get(0))
        : new NamespaceSelection.Matching(
            Selector.of(new Requirement(Namespace.NAME_LABEL, Requirement.Operator.IN, names)));
  }

  private BadSentence refused(Party party, String why, String instead) {
    return new BadSentence(question.text(), party.span(), why, instead);
  }
}

package dev.postern.verify;

import dev.postern.answer.Analysis;
import dev.postern.cluster.Namespace;
import dev.postern.net.AddressSet;
import dev.postern.openworld.OpenWorld;
import dev.postern.openworld.Outcome;
import dev.postern.openworld.Role;
import dev.postern.policy.NamespaceSelection;
import dev.postern.question.BadSentence;
import dev.postern.question.Nearest;
import dev.postern.question.Party;
import dev.postern.question.Quantifier;
import dev.postern.question.Question;
import dev.postern.selector.Requirement;
import dev.postern.selector.Selector;
import dev.postern.service.ClusterNames;
import dev.postern.solver.Limits;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** An open-world question: its parties become roles. */
final class OpenAsking {

  private final OpenWorld world;
  private final Analysis analysis;
  private final Question.Can question;

  OpenAsking(OpenWorld world, Analysis analysis, Question.Can question) {
    this.world = world;
    this.analysis = analysis;
    this.question = question;
  }

  OpenAnswer answer(Limits limits) {
    return new OpenAnswer(
        question,
        world.ask(
            role(question.source()),
            role(question.destination()),
            question.asked().traffic(),
            limits),
        Optional.empty(),
        analysis.cluster());
  }

  /** The answer, and where it is never so, why. */
  OpenAnswer why(Limits limits) {
    OpenAnswer answer = answer(limits);
    return answer.outcome() instanceof Outcome.Never
        ? new OpenAnswer(
            question,
            answer.outcome(),
            world.blocking(
                role(question.source()),
                role(question.destination()),
                question.asked().traffic(),
                limits),
            analysis.cluster())
        : answer;
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
    AddressSet own = party == question.destination()
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
    if (!(pods.scope() instanceof Party.Scope.In in)) {
      return;
    }
    Set<String> names = new TreeSet<>(analysis.cluster().namespaces().keySet());
    analysis.cluster().policies().forEach(policy -> names.addAll(NamespaceNames.in(policy)));
    for (String name : in.namespaces()) {
      if (!names.contains(name)) {
        throw refused(
            pods,
            "there is no namespace `" + name + "`, and no policy names it",
            Nearest.of(name, names).stream()
                .findFirst()
                .map(near -> "did you mean `" + near + "`?")
                .orElse(""));
      }
    }
  }

  private NamespaceSelection namespaces(Party.Scope scope) {
    if (scope instanceof Party.Scope.Matching matching) {
      return new NamespaceSelection.Matching(matching.selector());
    }
    if (scope instanceof Party.Scope.In in) {
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

package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.answer.Answer;
import dev.postern.backend.Reading;
import dev.postern.backend.Scope;
import dev.postern.cli.answer.ExplanationJson;
import dev.postern.cli.answer.ExplanationText;
import dev.postern.cli.console.Console;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.cli.difference.DifferenceFormat;
import dev.postern.cli.difference.Review;
import dev.postern.cli.difference.ReviewFormat;
import dev.postern.cli.exposure.ExposureFormat;
import dev.postern.cli.exposure.ExposureReport;
import dev.postern.cli.policies.PolicyFormat;
import dev.postern.cli.proof.Dumps;
import dev.postern.cli.proof.LeftOpen;
import dev.postern.cli.proof.ProofFormat;
import dev.postern.cli.proof.ProofResult;
import dev.postern.cli.replay.ReplayFormat;
import dev.postern.cli.replay.ReplayResult;
import dev.postern.cli.spec.CheckedLine;
import dev.postern.cluster.Cluster;
import dev.postern.cluster.Pod;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Origin;
import dev.postern.diff.Difference;
import dev.postern.diff.RowCauseSearch;
import dev.postern.manifest.Manifests;
import dev.postern.meaning.Options;
import dev.postern.plan.Plan;
import dev.postern.policy.Policy;
import dev.postern.prove.Claim;
import dev.postern.prove.Proof;
import dev.postern.prove.Prover;
import dev.postern.reach.Reachability;
import dev.postern.replay.Edges;
import dev.postern.replay.Replay;
import dev.postern.solver.Limits;
import dev.postern.spec.Check.Result;
import dev.postern.traffic.LogSummary;
import dev.postern.traffic.TrafficLog;
import dev.postern.traffic.format.HubbleFormat;
import dev.postern.verify.Verifier;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Clusters whose names, files and fields are hostile, as a program may make them, through every report in every format: read back, each has
 * the shape that it has for harmless names, and JSON brings the names back.
 */
class HostileReportsTest {

  private static final Path NODE = Path.of("../examples/node");

  private static final Cluster HARMLESS =
      Manifests.load(NODE.resolve("cluster.yaml")).cluster();

  @Provide
  Arbitrary<String> hostile() {
    return HostileText.any();
  }

  /** The same cluster with this in every name and place; the number keeps names apart, in their order. */
  private static Cluster named(String text) {
    List<Workload> workloads = new ArrayList<>();
    for (Workload each : HARMLESS.workloads()) {
      String name = text + workloads.size();
      List<Pod> pods = each.pods().stream()
          .map(pod -> new Pod(name, pod.node(), pod.addresses(), new Origin(text, 4, 1, text)))
          .toList();
      workloads.add(new Workload(
          each.namespace(),
          name,
          each.kind(),
          each.labels(),
          each.ports(),
          each.hostNetwork(),
          pods,
          new Origin(text, 3, 1, text)));
    }
    List<Policy> policies = new ArrayList<>();
    for (Policy each : HARMLESS.policies()) {
      policies.add(new Policy(
          each.kind(),
          each.namespace(),
          text + policies.size(),
          each.tier(),
          each.priority(),
          each.subject(),
          each.isolates(),
          each.ingress(),
          each.egress(),
          new Origin(text, 5, 1, text),
          each.typesDefaulted()));
    }
    return HARMLESS.withWorkloads(workloads).withPolicies(policies);
  }

  /** A report of a cluster that is named like a text. */
  private interface Report {
    void write(String text, Printer out) throws Exception;
  }

  private static String written(Report report, String text) {
    return HostileText.written(out -> {
      try {
        report.write(text, out);
      } catch (Exception problem) {
        throw new AssertionError(problem);
      }
    });
  }

  private static void keepsItsShape(String format, String text, Report report) {
    String hostile = written(report, text);
    if (!format.equals("github")) {
      HostileText.isHarmless(hostile);
    }
    assertThat(HostileText.shape(format, hostile))
        .as("%s:\n%s", format, hostile)
        .isEqualTo(HostileText.shape(format, written(report, "n")));
  }

  /** And the names are in it as they are. */
  private static void bringsNamesBack(String text, Report report) {
    keepsItsShape("json", text, report);
    assertThat(HostileText.texts(HostileText.json(written(report, text))))
        .anyMatch(each -> each.contains(text));
  }

  @Property(tries = 40)
  void policies(@ForAll("hostile") String text) {
    for (PolicyFormat format : PolicyFormat.values()) {
      keepsItsShape(format.name(), text, (name, out) -> format.write(named(name), out));
    }
    bringsNamesBack(text, (name, out) -> PolicyFormat.json.write(named(name), out));
  }

  @Property(tries = 40)
  void exposure(@ForAll("hostile") String text) {
    for (ExposureFormat format : ExposureFormat.values()) {
      Report report = (name, out) -> format.write(
          new ExposureReport(
              Verifier.of(named(name)).analysis().exposure().stream()
                  .map(each -> new ExposureReport.Line(each, Optional.empty()))
                  .toList(),
              List.of(name)),
          out);
      keepsItsShape(format.name(), text, report);
      if (format == ExposureFormat.json) {
        bringsNamesBack(text, report);
      }
    }
  }

  @Property(tries = 40)
  void difference(@ForAll("hostile") String text) {
    for (DifferenceFormat format : DifferenceFormat.values()) {
      if (format == DifferenceFormat.html) {
        // The page is made of manifests, and has its own tests of hostile ones.
        continue;
      }
      Report report = (name, out) -> {
        Cluster before = named(name);
        Cluster after = before.withPolicies(before.policies().subList(0, 1));
        format.write(
            Difference.between(before, after, Options.DEFAULT),
            new RowCauseSearch(before, after, Options.DEFAULT),
            name,
            name,
            out);
      };
      keepsItsShape(format.name(), text, report);
      if (format == DifferenceFormat.json) {
        bringsNamesBack(text, report);
      }
    }
  }

  private static Review review(String name) {
    Cluster before = named(name);
    Cluster after = before.withPolicies(before.policies().subList(0, 1));
    Diagnostic finding =
        Code.UNKNOWN_FIELD.at(new Origin(name, 3, 1, name), name, name).hint(name);
    CheckedLine statement =
        new CheckedLine(name, 1, name, Result.FAILS, name, Optional.empty(), List.of(name));
    return new Review(
        name,
        name,
        Difference.between(before, after, Options.DEFAULT),
        new RowCauseSearch(before, after, Options.DEFAULT),
        List.of(finding),
        List.of(finding),
        Diagnostic::toString,
        List.of(new Review.ReviewedStatement(statement, true)),
        true);
  }

  @Property(tries = 40)
  void review(@ForAll("hostile") String text, @ForAll("hostile") String other) {
    for (ReviewFormat format : ReviewFormat.values()) {
      keepsItsShape(format.name(), text + other, (name, out) -> format.write(review(name), out));
    }
    bringsNamesBack(text, (name, out) -> ReviewFormat.json.write(review(name), out));
  }

  @Property(tries = 40)
  void why(@ForAll("hostile") String text) {
    String question = "can any pod in namespace shop reach any pod in namespace shop on 5432";
    bringsNamesBack(text, (name, out) -> {
      Verifier verifier = Verifier.of(named(name));
      Answer answer = verifier.ask(question);
      Json.write(
          out,
          json -> ExplanationJson.write(
              json, answer, verifier.why(answer), verifier.analysis().keptOut(answer)));
    });
    assertThat(explained(question, text).lines().count())
        .isEqualTo(explained(question, "n").lines().count());
  }

  private static String explained(String question, String name) {
    Verifier verifier = Verifier.of(named(name));
    Answer answer = verifier.ask(question);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Console console = Console.of(new ByteArrayInputStream(new byte[0]), said, said);
    new ExplanationText(console)
        .write(answer, verifier.why(answer), verifier.analysis().keptOut(answer));
    console.out().flush();
    String text = said.toString(StandardCharsets.UTF_8);
    HostileText.isHarmless(text);
    assertThat(text).isNotEmpty();
    return text;
  }

  @Property(tries = 40)
  void replay(@ForAll("hostile") String text) {
    for (ReplayFormat format : ReplayFormat.values()) {
      Report report = (name, out) -> {
        Reachability policies = Verifier.of(named(name)).reachability();
        Edges edges = new Edges(policies.plan());
        String flows = flow(name, name + "1", "FORWARDED")
            + flow(name, name + " gone", "FORWARDED")
            + flow(name, name + "0", "AUDIT" + name);
        LogSummary log = TrafficLog.read(
            name,
            new ByteArrayInputStream(flows.getBytes(StandardCharsets.UTF_8)),
            List.of(new HubbleFormat()),
            edges);
        ReplayResult played = ReplayResult.of(Replay.of(edges, policies), edges, List.of(log));
        if (format == ReplayFormat.html) {
          // The page has its own tests; this is what it holds of traffic.
          out.escaped(ReplayFormat.forPage(played));
        } else {
          format.write(played, out);
        }
      };
      boolean json = format == ReplayFormat.json || format == ReplayFormat.html;
      keepsItsShape(json ? "" : format.name(), text, report);
      if (json) {
        assertThat(HostileText.texts(HostileText.json(written(report, text))))
            .anyMatch(each -> each.contains(text));
      }
    }
  }

  private static String flow(String from, String to, String verdict) {
    return HostileText.written(out -> Json.writeLine(out, json -> {
      json.writeStartObject();
      // A time is read, not shown as it was written: a number would be one.
      json.writeStringField("time", "2026-11-20T09:00:01Z");
      json.writeStringField("verdict", verdict);
      json.writeObjectFieldStart("IP");
      json.writeStringField("source", "10.0.1.12");
      json.writeStringField("destination", "10.0.1.11");
      json.writeEndObject();
      json.writeObjectFieldStart("l4");
      json.writeObjectFieldStart("TCP");
      json.writeNumberField("source_port", 50_000);
      json.writeNumberField("destination_port", 80);
      json.writeEndObject();
      json.writeEndObject();
      for (String end : List.of("source", "destination")) {
        json.writeObjectFieldStart(end);
        json.writeStringField("namespace", "shop");
        json.writeStringField("pod_name", end.equals("source") ? from + "0" : to);
        json.writeEndObject();
      }
      json.writeStringField("Type", "L3_L4");
      json.writeEndObject();
    }));
  }

  @Property(tries = 30)
  void proof(@ForAll("hostile") String text) throws IOException {
    String comment = text.replaceAll("[\\p{Cntrl}\\p{Cs}\"\\\\]", "");
    Path rules = Files.createTempFile("rules", ".txt");
    try {
      for (ProofFormat format : ProofFormat.values()) {
        Report report = (name, out) -> {
          Files.writeString(
              rules,
              "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
                  + "-A FORWARD -d 10.0.1.12/32 -m comment --comment \"c" + comment
                  + "\" -j DROP\nCOMMIT\n");
          format.write(proof(rules, name), out);
        };
        keepsItsShape(format.name(), text, report);
        if (format == ProofFormat.json) {
          bringsNamesBack(text, report);
        }
      }
    } finally {
      Files.delete(rules);
    }
  }

  private static ProofResult proof(Path rules, String name) {
    Cluster cluster = named(name);
    Reading reading = Dumps.given(
            flag -> flag.equals("iptables-save") ? Optional.of(rules.toString()) : Optional.empty())
        .read(cluster, Scope.CLUSTER, List.of());
    assertThat(reading.problems()).isEmpty();
    Claim claim = new Claim(Plan.of(cluster), Scope.CLUSTER, reading.rules(), reading.contract());
    Proof proof = Prover.prove(claim, Set.of(Proof.Way.SETS), Limits.DEFAULT);
    assertThat(proof.verdict()).isEqualTo(Proof.Verdict.DIFFERS);
    return new ProofResult(
        name,
        reading.contract(),
        new LeftOpen(List.of(), List.of()),
        List.of(claim),
        proof,
        List.of(name),
        List.of(name));
  }
}

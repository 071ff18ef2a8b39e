package dev.postern.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diff.Difference;
import dev.postern.manifest.ClusterObject;
import dev.postern.manifest.Manifests;
import dev.postern.manifest.ObjectEvent;
import dev.postern.manifest.ReadObjects;
import dev.postern.manifest.ReadOptions;
import dev.postern.manifest.Source;
import dev.postern.question.Expectation;
import dev.postern.question.Statement;
import dev.postern.solver.Limits;
import dev.postern.spec.Check;
import dev.postern.spec.Specifications;
import dev.postern.verify.Verifier;
import dev.postern.watch.ClusterSnapshot;
import dev.postern.watch.WatchedCluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides whether the API server may take a change of a policy: not if the policy has an error, and not if a statement of a specification held
 * before the change and would no longer hold. A change of which it is not known what it does is refused as well.
 */
public final class AdmissionDecision {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** So many rows of what a change opens are told. */
  private static final int ROWS = 5;

  private final WatchedCluster cluster;
  private final String file;
  private final Statement.Specification specification;

  /**
   * Decisions about a cluster.
   *
   * @param file what the specification is called in messages
   * @param specification the text of a {@code *.postern} file
   * @throws IllegalArgumentException if a line of it is no statement
   */
  public AdmissionDecision(WatchedCluster cluster, String file, String specification) {
    this.cluster = cluster;
    this.file = file;
    this.specification = Statement.specification(specification);
    if (!this.specification.mistakes().isEmpty()) {
      Statement.Mistake mistake = this.specification.mistakes().get(0);
      throw new IllegalArgumentException(
          file + ":" + mistake.line() + ": error: " + mistake.problem().getMessage());
    }
  }

  /**
   * Answers an AdmissionReview of admission.k8s.io/v1 with one.
   *
   * @throws IOException if it is none
   */
  public String review(String json) throws IOException {
    JsonNode request = JSON.readTree(json).path("request");
    if (request.path("uid").asText().isEmpty()) {
      throw new IOException("no AdmissionReview: there is no request.uid");
    }
    List<String> objections = objections(request);
    ObjectNode response = JSON.createObjectNode();
    response.put("uid", request.path("uid").asText());
    response.put("allowed", objections.isEmpty());
    if (!objections.isEmpty()) {
      ObjectNode status = response.putObject("status");
      status.put("code", 403);
      status.put("message", String.join("\n", objections));
    }
    ObjectNode review = JSON.createObjectNode();
    review.put("apiVersion", "admission.k8s.io/v1");
    review.put("kind", "AdmissionReview");
    review.set("response", response);
    return JSON.writeValueAsString(review);
  }

  private List<String> objections(JsonNode request) throws IOException {
    boolean deletes = request.path("operation").asText().equals("DELETE");
    JsonNode object = request.path(deletes ? "oldObject" : "object");
    String name = request.path("kind").path("kind").asText() + " "
        + request.path("namespace").asText() + "/" + request.path("name").asText();
    ReadObjects read = Manifests.objects(
        List.of(
            Source.text(name, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(object))),
        ReadOptions.DEFAULT);
    List<String> errors = read.diagnostics().stream()
        .filter(Diagnostic::isError)
        .map(Diagnostic::toString)
        .toList();
    if (!deletes && !errors.isEmpty()) {
      return errors;
    }
    List<ObjectEvent> events = new ArrayList<>();
    for (ClusterObject each : read.objects()) {
      events.add(deletes ? new ObjectEvent.Deleted(each.name()) : new ObjectEvent.Applied(each));
    }
    return objections(name, cluster.snapshot(), events);
  }

  private List<String> objections(String name, ClusterSnapshot now, List<ObjectEvent> events) {
    Difference difference = now.wouldOpen(events);
    if (difference.opened().isEmpty()
        && difference.closed().isEmpty()
        && difference.undecided().isEmpty()) {
      return List.of();
    }
    Specifications before = specifications(now);
    Specifications after = specifications(now.after(events));
    List<String> objections = new ArrayList<>();
    for (Expectation statement : specification.expectations()) {
      Check check = after.check(statement);
      boolean broken =
          check.result() == Check.Result.FAILS || check.result() == Check.Result.UNDECIDED;
      if (broken && before.check(statement).result() == Check.Result.HOLDS) {
        objections.add(file + ":" + statement.line() + ": `" + statement.text()
            + "` would no longer hold: " + check.detail());
      }
    }
    if (!objections.isEmpty()) {
      difference.opened().stream()
          .limit(ROWS)
          .forEach(row -> objections.add(name + " would open " + row));
      difference.closed().stream()
          .limit(ROWS)
          .forEach(row -> objections.add(name + " would close " + row));
    }
    return objections;
  }

  private static Specifications specifications(ClusterSnapshot snapshot) {
    return new Specifications(Verifier.of(snapshot.analysis()), Limits.DEFAULT);
  }
}

package dev.postern.cli.answer;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.answer.Uncertainty;
import dev.postern.cli.console.Json;
import dev.postern.cli.console.Printer;
import dev.postern.cluster.Namespace;
import dev.postern.cluster.Workload;
import dev.postern.meaning.End;
import dev.postern.meaning.FlowVerdict;
import dev.postern.meaning.Judgement;
import dev.postern.openworld.Blocking;
import dev.postern.openworld.OpenOutcome;
import dev.postern.policy.Policy;
import dev.postern.verify.OpenAnswer;
import dev.postern.wording.FlowWords;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** An answer to whether it could ever be so, for a person or a program. */
public final class OpenAnswers {

  private OpenAnswers() {}

  /** For a person: never and why, or who gets through. */
  public static void text(OpenAnswer answer, Printer out) {
    OpenOutcome outcome = answer.outcome();
    if (outcome instanceof OpenOutcome.Never never) {
      print(out, "never: no pod that is here or could come, whatever its labels");
      if (answer.blocking().isPresent()) {
        blocking(answer, answer.blocking().get(), out);
      } else if (!never.because().isEmpty()) {
        print(out, "  blocked by " + words(never.because()));
      }
    } else if (outcome instanceof OpenOutcome.Undecided undecided) {
      print(out, "unknown: " + undecided.reason());
    } else {
      possible(answer, (OpenOutcome.Possible) outcome, out);
    }
  }

  private static void blocking(OpenAnswer answer, Blocking blocking, Printer out) {
    if (!blocking.sets().isEmpty()) {
      print(
          out,
          blocking.sets().size() == 1
              ? "  blocked, whatever the others allow, by"
              : "  blocked, whatever the others allow, by each of");
      blocking.sets().forEach(set -> print(out, "    " + words(set)));
    }
    for (Blocking.Opening opening : blocking.openings()) {
      print(out, "  would be possible if nothing were denied any more by");
      print(out, "    " + words(opening.policies()));
      print(
          out,
          "    then for example " + end(answer, opening.flow().source()) + " -> "
              + end(answer, opening.flow().destination()) + " on "
              + FlowWords.traffic(opening.flow()));
    }
    if (!blocking.isComplete()) {
      print(out, "  there may be others");
    }
  }

  /** An end by name, or by what it would need to be if it is not there yet. */
  private static String end(OpenAnswer answer, End end) {
    if (end instanceof End.InPod pod) {
      Workload workload = pod.workload();
      return answer.wouldHaveToCome(end)
          ? "a pod in namespace " + workload.namespace() + " with " + labels(workload)
          : workload.id();
    }
    return end.toString();
  }

  private static String labels(Workload workload) {
    return workload.labels().size() == 0 ? "no labels" : "labels " + workload.labels();
  }

  private static String words(List<Policy> policies) {
    return policies.stream().map(OpenAnswers::words).collect(Collectors.joining(" and "));
  }

  private static void possible(OpenAnswer answer, OpenOutcome.Possible possible, Printer out) {
    Judgement judgement = possible.judgement();
    Optional<String> open = Uncertainty.of(judgement, possible.cluster());
    if (judgement.verdict() == FlowVerdict.UNKNOWN) {
      print(out, "unknown: " + open.orElse("it depends on what the manifests do not say"));
      print(out, "  perhaps " + FlowWords.of(judgement.flow()));
    } else {
      print(out, "possible: " + FlowWords.of(judgement.flow()));
    }
    if (possible.existing()) {
      print(out, "  both are here already");
    }
    newcomers(answer, possible).forEach(newcomer -> print(out, "  " + newcomer));
    answer
        .because()
        .forEach(reason -> print(out, "  " + reason.direction().field() + ": " + reason));
  }

  /** What a pod that could come would need. */
  private static List<String> newcomers(OpenAnswer answer, OpenOutcome.Possible possible) {
    List<String> words = new ArrayList<>();
    if (possible.existing()) {
      return words;
    }
    for (End end : List.of(
        possible.judgement().flow().source(), possible.judgement().flow().destination())) {
      if (end instanceof End.InPod pod && answer.wouldHaveToCome(end)) {
        Workload workload = pod.workload();
        Namespace namespace = possible.cluster().namespace(workload.namespace());
        String labels = labels(workload);
        String ports = workload.ports().isEmpty()
            ? ""
            : ", ports "
                + workload.ports().stream()
                    .map(p -> p.name() + "=" + p.protocol().word() + "/" + p.number())
                    .collect(Collectors.joining(","));
        words.add("a pod in namespace " + namespace.name() + " (" + namespace.labels() + ") with "
            + labels + ports);
      }
    }
    return words;
  }

  private static String words(Policy policy) {
    return policy + (policy.origin().toString().isEmpty() ? "" : " (" + policy.origin() + ")");
  }

  /** For a program: as an answer, with {@code open} set. */
  public static void json(OpenAnswer answer, Printer out) {
    Json.write(out, json -> {
      json.writeStartObject();
      fields(json, answer);
      json.writeEndObject();
    });
  }

  /** The fields of that object. */
  static void fields(JsonGenerator json, OpenAnswer answer) throws IOException {
    json.writeStringField("question", answer.question().text());
    json.writeBooleanField("open", true);
    json.writeStringField("verdict", answer.verdict().word());
    if (answer.outcome() instanceof OpenOutcome.Possible possible) {
      json.writeStringField("witness", possible.judgement().flow().toString());
      json.writeBooleanField("existing", possible.existing());
      json.writeArrayFieldStart("newcomers");
      for (String newcomer : newcomers(answer, possible)) {
        json.writeString(newcomer);
      }
      json.writeEndArray();
    } else if (answer.outcome() instanceof OpenOutcome.Never never) {
      json.writeArrayFieldStart("because");
      for (Policy policy : never.because()) {
        json.writeString(words(policy));
      }
      json.writeEndArray();
      if (answer.blocking().isPresent()) {
        blocking(answer.blocking().get(), json);
      }
    } else {
      json.writeStringField("reason", ((OpenOutcome.Undecided) answer.outcome()).reason());
    }
  }

  /** The verdict in one word. */
  static String word(OpenAnswer answer) {
    return switch (answer.verdict()) {
      case ALLOWED -> "possible";
      case DENIED, PARTIAL -> "never";
      case UNKNOWN -> "unknown";
    };
  }

  private static void blocking(Blocking blocking, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("blocking");
    for (List<Policy> set : blocking.sets()) {
      policies(set, json);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("openings");
    for (Blocking.Opening opening : blocking.openings()) {
      json.writeStartObject();
      json.writeFieldName("policies");
      policies(opening.policies(), json);
      json.writeStringField("witness", opening.flow().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeBooleanField("complete", blocking.isComplete());
  }

  private static void policies(List<Policy> policies, JsonGenerator json) throws IOException {
    json.writeStartArray();
    for (Policy policy : policies) {
      json.writeString(words(policy));
    }
    json.writeEndArray();
  }

  private static void print(Printer out, String line) {
    out.println(line);
  }
}

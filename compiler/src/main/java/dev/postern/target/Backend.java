package dev.postern.target;

import dev.postern.plan.Plan;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Writes what one target enforces. */
public interface Backend {

  /** The name that {@code --to} takes. */
  String target();

  /**
   * Compiles a plan for the pods in a scope.
   *
   * @throws Refusal if the target cannot express the plan exactly; nothing is approximated
   */
  Artifact compile(Plan plan, Scope scope) throws Refusal;

  /**
   * The same as a draft, which can be written as a stream: {@code draft.writeTo(name -> Files.newBufferedWriter(directory.resolve(name)))}.
   *
   * @throws Refusal if the target cannot express the plan exactly
   */
  default Draft draft(Plan plan, Scope scope) throws Refusal {
    Artifact artifact = compile(plan, scope);
    SortedMap<String, Consumer<Pieces>> files = new TreeMap<>();
    artifact.files().forEach((name, text) -> files.put(name, out -> out.append(text)));
    return new Draft(artifact.target(), files, artifact.summary());
  }
}

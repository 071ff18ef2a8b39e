package dev.postern.lint.rule;

import com.google.auto.service.AutoService;
import dev.postern.cluster.Workload;
import dev.postern.diagnostic.Code;
import dev.postern.diagnostic.Diagnostic;
import dev.postern.diagnostic.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Workloads that no policy selects: everything may reach them, and they may reach everything. */
@AutoService(LintRule.class)
public final class Unselected implements LintRule {

  private static final Code CODE = Code.ofRule(
      "NP340", "UNSELECTED", Severity.INFO, "no policy selects {0} of namespace {1}: {2}");

  @Override
  public Code code() {
    return CODE;
  }

  @Override
  public String title() {
    return "pods that no policy selects";
  }

  @Override
  public void check(LintInput input, Consumer<Diagnostic> found) {
    Map<String, List<Workload>> open = new TreeMap<>();
    for (Workload workload : input.cluster().workloads()) {
      if (!workload.hostNetwork() && input.selecting(workload).isEmpty()) {
        open.computeIfAbsent(workload.namespace(), name -> new ArrayList<>()).add(workload);
      }
    }
    open.forEach((namespace, workloads) -> found.accept(CODE.at(
            workloads.get(0).origin(),
            FindingNames.count(workloads.size(), "workload"),
            namespace,
            FindingNames.quoted(workloads.stream().map(Workload::name).toList()))
        .hint("a default deny of the namespace selects every pod that comes")
        .related(workloads.stream()
            .skip(1)
            .limit(20)
            .map(workload -> new Diagnostic.Related(workload.id(), workload.origin()))
            .toList())));
  }
}

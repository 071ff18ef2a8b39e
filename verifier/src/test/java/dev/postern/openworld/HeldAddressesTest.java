package dev.postern.openworld;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.manifest.Manifests;
import dev.postern.manifest.Source;
import dev.postern.meaning.End;
import dev.postern.net.AddressSet;
import dev.postern.net.Cidr;
import dev.postern.net.Traffic;
import dev.postern.plan.Plan;
import dev.postern.policy.NamespaceSelection;
import dev.postern.selector.Selector;
import dev.postern.solver.Limits;
import org.junit.jupiter.api.Test;

/** The only address that a policy admits is a pod's, so that neither a pod to come nor anyone outside can have it. */
class HeldAddressesTest {

  private static final Plan PLAN =
      Plan.of(Manifests.read(Source.text("held.yaml", """
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: prod, labels: {app: db}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.0.0.1}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: prod, labels: {app: web}}
      spec: {containers: [{name: c}]}
      status: {podIP: 10.0.0.9}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: dev}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: prod}
      spec: {podSelector: {matchLabels: {app: db}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.9/32}}]}]}
      """)).cluster());

  private static OpenOutcome toDb(Role source) {
    Role db = new Role.Existing(PLAN.classes().endpoints().stream()
        .filter(end -> end.workload().id().equals("prod/db"))
        .map(End.class::cast)
        .toList());
    return OpenWorld.of(PLAN).ask(source, db, Traffic.tcp(5432), Limits.DEFAULT);
  }

  @Test
  void noPodToComeHasIt() {
    assertThat(toDb(new Role.AnyPod(new NamespaceSelection.Named("dev"), Selector.EVERYTHING)))
        .isInstanceOf(OpenOutcome.Never.class);
  }

  @Test
  void nobodyOutsideHasIt() {
    assertThat(toDb(new Role.AnyAddress(AddressSet.of(Cidr.parse("10.0.0.8/30")))))
        .isInstanceOf(OpenOutcome.Never.class);
  }
}
